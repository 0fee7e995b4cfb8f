import type { ComponentChildren, JSX } from 'preact'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { CategoryTag, Icon, type IconName } from '#shared/ui/icon.tsx'
import { Sentence } from '#shared/ui/page-text.tsx'
import { Reversibility } from '#shared/ui/reversibility.tsx'
import { WhatChanges } from '#shared/ui/what-changes.tsx'
import { Lines, WhyAsked } from '#shared/ui/why-asked.tsx'
import { type Reading, readEntry, type Tone } from '../read-entry.ts'
import { linkTo } from '../route.ts'

/** An action's way through the pipeline, one step after the other: saw, analysed, decided, asked,
 * then what people and the browser made of it. */
export function Trace(props: { entries: readonly AuditEntry[]; current: string }): JSX.Element {
  const start = Date.parse(props.entries[0]?.at ?? '')
  return (
    <ol class="trace">
      {props.entries.map((entry) => {
        const reading = readEntry(entry)
        const about = {
          entry,
          current: entry.id === props.current,
          after: Date.parse(entry.at) - start,
        }
        return reading.descriptor && reading.classification && reading.decision ? (
          <DecisionSteps key={entry.seq} reading={reading} {...about} />
        ) : (
          <Step
            key={entry.seq}
            title={reading.word}
            icon={reading.icon}
            tone={reading.tone}
            {...about}
          >
            <p>
              <Sentence parts={reading.says} />
            </p>
          </Step>
        )
      })}
    </ol>
  )
}

interface About {
  entry: AuditEntry
  /** Whether this is the entry whose page is open. */
  current: boolean
  /** Milliseconds since the first step. */
  after: number
}

function DecisionSteps({ reading, ...about }: About & { reading: Reading }): JSX.Element | null {
  const { descriptor, classification, decision } = reading
  if (!descriptor || !classification || !decision) return null
  const { entry } = about
  return (
    <>
      <Step title="Saw" icon="eye" tone="plain" {...about}>
        <WhatChanges descriptor={descriptor} />
      </Step>
      <Step title="Analysed" icon="question" tone="plain" {...about}>
        <p class="tags">
          <CategoryTag category={classification.category} />
          <span class="hp-tag">{classification.capability}</span>
          {classification.verb && <span class="hp-tag">{classification.verb}</span>}
        </p>
        <Reversibility hold={{ classification, decision }} />
        <Lines lines={classification.signals.map((signal) => signal.says)} />
      </Step>
      <Step title={reading.word} icon={reading.icon} tone={reading.tone} {...about}>
        <WhyAsked past hold={{ classification, decision, auditId: entry.id }} />
      </Step>
      {decision.kind === 'hold' && entry.hold && (
        <Step title="Asked" icon="inbox" tone="hold" {...about}>
          <p>A person was asked. The action waited.</p>
        </Step>
      )}
    </>
  )
}

function Step(
  props: About & { title: string; icon: IconName; tone: Tone; children: ComponentChildren },
): JSX.Element {
  const { entry, after } = props
  return (
    <li class={`step tone-${props.tone}`} aria-current={props.current ? 'step' : undefined}>
      <span class="step-icon">
        <Icon name={props.icon} size={18} />
      </span>
      <div class="step-head">
        <h2>{props.title}</h2>
        <span class="hp-digits step-after">{after > 0 ? `+${since(after)}` : ''}</span>
        <a href={linkTo('log', entry.id)}>
          <code>{entry.id}</code>
        </a>
      </div>
      <div class="step-body">{props.children}</div>
    </li>
  )
}

function since(ms: number): string {
  if (ms < 1000) return `${ms} ms`
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`
}
