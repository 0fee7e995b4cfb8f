import type { ComponentChildren, JSX } from 'preact'
import type { Pattern } from '#shared/protocol/decision.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import { earningSays } from './earning-words.ts'
import { visible } from './visible.ts'

/** Why a person is asked, in full, and what would have let it pass without them. With `past`, why
 * something was decided as it was, opened, for the log. */
export function WhyAsked({ hold, past = false }: WhyAskedProps): JSX.Element {
  const { decision, classification } = hold
  return (
    <details class="hp-section hp-why" open={past}>
      <summary class="hp-label">
        {past ? 'Why' : 'Why am I asked?'}{' '}
        <span class="hp-reason">{visible(decision.reason, { limit: 200 })}</span>
      </summary>
      <dl class="hp-facts">
        <Row label="Decided by">{PATTERN_WORDS[decision.pattern]}</Row>
        <Row label={decision.rules.length === 1 ? 'Rule' : 'Rules'}>
          {decision.rules.length === 0
            ? 'none matched, so the default holds'
            : decision.rules.map((rule) => (
                <code class="hp-chip" key={rule}>
                  {visible(rule, { limit: 60 })}
                </code>
              ))}
        </Row>
        {decision.approver && (
          <Row label="Approver">
            {visible(decision.approver)}
            {(decision.people ?? 1) > 1 && `, ${decision.people} different people`}
          </Row>
        )}
        {decision.like && decision.like.length > 0 && (
          <Row label="Like">
            {decision.like.map((audit) => (
              <code class="hp-chip" key={audit}>
                {visible(audit, { limit: 40 })}
              </code>
            ))}
          </Row>
        )}
        {decision.earning && <Row label="Earned so far">{earningSays(decision.earning)}</Row>}
        {decision.tell && (
          <Row label="The agent is told">{visible(decision.tell, { limit: 300 })}</Row>
        )}
        {decision.suggest && (
          <Row label="It is offered instead">{visible(decision.suggest, { limit: 300 })}</Row>
        )}
        {!past && classification.signals.length > 0 && (
          <Row label="Seen on the page">
            <Lines lines={classification.signals.map((signal) => signal.says)} />
          </Row>
        )}
        <Row label="What would allow it">
          {decision.wouldNeed.length > 0 ? (
            <Lines lines={decision.wouldNeed} />
          ) : (
            'Nothing short of another policy'
          )}
        </Row>
        <Row label="Record">
          <code>{visible(hold.auditId)}</code> under policy{' '}
          <code>{visible(decision.policyVersion, { limit: 100 }).slice(0, 12)}</code>
        </Row>
      </dl>
    </details>
  )
}

interface WhyAskedProps {
  hold: Pick<Hold, 'decision' | 'classification' | 'auditId'>
  past?: boolean
}

/** How a decision came about, in words for people. */
export const PATTERN_WORDS: Record<Pattern, string> = {
  read: 'It only looks, so it passes',
  'allow-list': 'A rule of the policy allows it',
  'reversible-only': 'A rule allows it because it can be undone',
  'review-gate': 'The policy puts this to a person',
  'deny-rule': 'A rule of the policy forbids it',
  sites: 'The site is not among those the policy names',
  'never-collapse':
    'This kind of action always needs a person unless a rule acknowledges it in writing',
  'condition-error': 'A rule’s condition could not be evaluated, which never lets anything pass',
  'policy-broken': 'There is no valid policy, so everything is held',
  threshold: 'It is above what a rule allows without a person',
  context: 'Something that a rule needs to know could not be found out',
  phase: 'The policy’s phase leaves this to a person',
  earned: 'A rule that would allow it has yet to earn that by clean reviews',
  'undo-unverified': 'The way to undo it has not been tried lately',
  'rate-limit': 'A rate limit is used up',
  budget: 'A budget is used up',
  ceiling: 'A ceiling on what agents do is reached',
  duplicate: 'It is nearly the same as what was done just before',
  breaker: 'The breaker is open, so everything waits for a person',
  sandbox: 'It has to be done on staging first',
  doubt: 'Nobody knows whether the same action happened before',
}

function Row({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="hp-fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Sentences one below the other. */
export function Lines({ lines }: { lines: readonly string[] }): JSX.Element {
  return (
    <ul class="hp-lines">
      {lines.map((line) => (
        <li key={line}>
          <bdi>{visible(line, { limit: 200 })}</bdi>
        </li>
      ))}
    </ul>
  )
}
