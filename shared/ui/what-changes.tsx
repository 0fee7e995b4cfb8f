import type { JSX } from 'preact'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Change } from '#shared/protocol/hold.ts'
import { changeWords } from './change-words.ts'
import { PageText } from './page-text.tsx'
import { type Fact, willChange } from './will-change.ts'

/** How many values of one fact, and how many fields, are shown before the rest folds away. */
const SHOWN = 6

/** Everything the Descriptor tells of what would change; never an empty box. */
export function WhatChanges({ descriptor }: { descriptor: Descriptor }): JSX.Element {
  const facts = willChange(descriptor)
  const of = (kind: Fact['of']) => facts.filter((fact) => fact.of === kind)
  const [terms, fields, evidence] = [of('term'), of('field'), of('evidence')]
  return (
    <section class="hp-section">
      <h3 class="hp-label">What will change</h3>
      {!known(descriptor) && (
        <p class="hp-unknown">
          Could not determine what this changes: no form, row, recipient, amount or request is known
          before it runs.
        </p>
      )}
      <Facts facts={[...terms, ...fields.slice(0, SHOWN)]} />
      {fields.length > SHOWN && (
        <details class="hp-more">
          <summary>{fields.length - SHOWN} more fields</summary>
          <Facts facts={fields.slice(SHOWN)} />
        </details>
      )}
      <Facts facts={evidence} quiet />
    </section>
  )
}

/** Whether anything tells what would change; the page's own words beside the control do not. */
function known({ terms, form, request }: Descriptor): boolean {
  const { amounts, recipients, rows } = terms
  return amounts.length + recipients.length > 0 || rows !== null || !!form || !!request
}

/** The terms that moved since a person was first asked, before and after. */
export function WhatMoved({ changes }: { changes: readonly Change[] }): JSX.Element {
  return (
    <section class="hp-section hp-moved" aria-label="The page changed since you were asked">
      <h3 class="hp-label">The page changed since you were asked</h3>
      <dl class="hp-facts">
        {changes
          .map((change) => changeWords(change))
          .map(({ label, before, after }) => (
            <div class="hp-fact" key={label}>
              <dt>
                <bdi>{label}</bdi>
              </dt>
              <dd>
                <del>
                  <span class="hp-sr">before: </span>
                  <PageText>{before}</PageText>
                </del>{' '}
                <ins>
                  <span class="hp-sr">now: </span>
                  <PageText>{after}</PageText>
                </ins>
              </dd>
            </div>
          ))}
      </dl>
    </section>
  )
}

function Facts({
  facts,
  quiet = false,
}: {
  facts: readonly Fact[]
  quiet?: boolean
}): JSX.Element | null {
  if (facts.length === 0) return null
  return (
    <dl class={`hp-facts${quiet ? ' hp-quiet' : ''}`}>
      {facts.map((fact, index) => (
        <div class="hp-fact" key={`${index} ${fact.label}`}>
          <dt>
            <bdi>{fact.label}</bdi>
          </dt>
          <dd class={`hp-${fact.kind}-value`}>
            <Values values={fact.values} />
            {fact.note && <span class="hp-note">{fact.note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Long lists fold, but their count stays in the label: 340 hidden recipients must be seen. */
function Values({ values }: { values: readonly string[] }): JSX.Element {
  const [first, rest] = [values.slice(0, SHOWN), values.slice(SHOWN)]
  const line = (value: string) => (
    <span class="hp-value" key={value}>
      <bdi>{value}</bdi>
    </span>
  )
  return (
    <>
      {first.map(line)}
      {rest.length > 0 && (
        <details class="hp-more">
          <summary>{rest.length} more</summary>
          {rest.map(line)}
        </details>
      )}
    </>
  )
}
