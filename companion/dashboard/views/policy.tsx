import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { PolicyView } from '#shared/protocol/api.ts'
import { Icon } from '#shared/ui/icon.tsx'
import type { Desk } from '../desk.ts'
import { Earned } from './earned.tsx'
import { ModeSwitch, SiteModes } from './modes.tsx'
import { ReviewPanel } from './review.tsx'
import { Source } from './source.tsx'
import { Uses } from './uses.tsx'

/** The policy in force: its mode, what it says in plain language, and the file itself. */
export function PolicyPage({ desk }: { desk: Desk }): JSX.Element {
  const policy = desk.policy.value
  const use = desk.use.value
  const [line, setLine] = useState<number | null>(null)
  // What is used is followed only while somebody looks.
  useEffect(() => void desk.refresh(), [desk])
  return (
    <section class="view" aria-labelledby="policy-title">
      <header class="view-head">
        <h1 id="policy-title">Policy</h1>
        {policy && (
          <p class="view-says">
            <code>{policy.file}</code> · version <code>{policy.version.slice(0, 12)}</code>
          </p>
        )}
      </header>
      {!policy && <div class="skeleton list-skeleton" aria-busy="true" />}
      {policy && (
        <>
          {policy.problems.length > 0 && <Problems policy={policy} onLine={setLine} />}
          <ReviewPanel
            desk={desk}
            due={desk.status.value?.reviews ?? []}
            next={use?.nextReview ?? null}
          />
          <div class="policy-grid">
            <div class="stack">
              {policy.scope && (
                <blockquote class="panel scope">
                  <h2 class="panel-title">Scope</h2>
                  <p>{policy.scope}</p>
                </blockquote>
              )}
              <ModeSwitch desk={desk} policy={policy} />
              {use && use.phase !== 'expanded' && <PhaseNote phase={use.phase} />}
              {use && <Uses use={use} />}
              <SiteModes desk={desk} policy={policy} />
            </div>
            <div class="stack">
              <Says policy={policy} />
              <Rules desk={desk} policy={policy} onLine={setLine} />
            </div>
          </div>
          <Source policy={policy} line={line} />
        </>
      )}
    </section>
  )
}

interface Lined {
  policy: PolicyView
  onLine(line: number): void
}

function Problems({ policy, onLine }: Lined): JSX.Element {
  return (
    <section class="panel problems" aria-label="Problems">
      <h2 class="panel-title">
        <Icon name="alert" size={18} />
        The file on disk is not in force: {policy.problems.length}{' '}
        {policy.problems.length === 1 ? 'problem' : 'problems'}
      </h2>
      <p>What you see below decides nothing until they are mended; the last good policy does.</p>
      <ul>
        {policy.problems.map(({ message, line, column }) => (
          <li key={`${line}:${column} ${message}`}>
            <button type="button" class="line-link" onClick={() => onLine(line)}>
              line {line}:{column}
            </button>{' '}
            {message}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Says({ policy }: { policy: PolicyView }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="says-title">
      <h2 class="panel-title" id="says-title">
        How a decision comes about
      </h2>
      <ol class="says">
        {policy.says.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ol>
    </section>
  )
}

const EFFECTS = {
  allow: { icon: 'check', word: 'allow', tone: 'ok' },
  hold: { icon: 'clock', word: 'hold', tone: 'hold' },
  deny: { icon: 'cross', word: 'deny', tone: 'danger' },
} as const

const PHASES: Record<'assisted' | 'selective', string> = {
  assisted: 'A person decides every execute step: allow rules do not apply yet.',
  selective: 'Only what can be undone, and what a rule has earned, goes without a person.',
}

function PhaseNote({ phase }: { phase: 'assisted' | 'selective' }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="phase-title">
      <h2 class="panel-title" id="phase-title">
        Phase
        <span class="hp-tag">{phase}</span>
      </h2>
      <p>{PHASES[phase]}</p>
    </section>
  )
}

function Rules({ desk, policy, onLine }: Lined & { desk: Desk }): JSX.Element {
  const earned = new Map(desk.use.value?.earned.map((one) => [one.rule, one]))
  return (
    <section class="panel" aria-labelledby="rules-title">
      <h2 class="panel-title" id="rules-title">
        Rules
      </h2>
      {policy.rules.length === 0 && (
        <p>There is no rule yet: every action that does more than read is held for a person.</p>
      )}
      <ul class="rules">
        {policy.rules.map((rule) => {
          const earning = earned.get(rule.id)
          return (
            <li key={rule.id}>
              <span class={`kind tone-${EFFECTS[rule.effect].tone}`}>
                <Icon name={EFFECTS[rule.effect].icon} size={16} />
                {EFFECTS[rule.effect].word}
              </span>
              <div class="rule-text">
                <p>{rule.says}</p>
                <p class="rule-id">
                  <code>{rule.id}</code>{' '}
                  <button type="button" class="line-link" onClick={() => onLine(rule.line)}>
                    line {rule.line}
                  </button>
                </p>
                {earning && <Earned desk={desk} earning={earning} />}
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
