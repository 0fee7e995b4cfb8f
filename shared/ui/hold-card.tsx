import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'
import type { Hold } from '#shared/protocol/hold.ts'
import { CategoryTag, Icon } from './icon.tsx'
import { Sentence } from './page-text.tsx'
import { Restraint } from './restraint.tsx'
import { Reversibility } from './reversibility.tsx'
import { Scope } from './scope.tsx'
import { sentenceParts } from './sentence.ts'
import { countdown } from './time.ts'
import { VerdictRow } from './verdict-row.tsx'
import { WhatChanges, WhatMoved } from './what-changes.tsx'
import { WhyAsked } from './why-asked.tsx'

export interface HoldCardProps {
  hold: Hold
  /** Where the card is shown: the overlay is a modal alert dialog and takes the focus. */
  surface: 'overlay' | 'dashboard'
  /** Milliseconds since the epoch. */
  now: number
  /** False until the card has been in view, unchanged, for long enough to be read and aimed at. */
  armed: boolean
  mayApprove: boolean
  /** Why approving is not possible on this surface. */
  whyNot?: string
  busy?: 'approve' | 'deny'
  /** Why the last answer was not taken. */
  refusal?: string
  /** What the policy in force says the agent is for, where the hold does not say it itself. */
  scope?: string
  /** Address of an entry of the log, where the surface can show one. */
  entryLink?(audit: string): string
  /** How it looks on its page, where the surface can show that. */
  picture?: ComponentChildren
  onApprove(reason?: string): void
  onDeny(reason?: string): void
  onOpenDashboard?(): void
}

/** One held action, put to a person: what, where, whether it can be undone, why they are asked, and
 * two buttons that say what they do. Decides nothing itself. */
export function HoldCard(props: HoldCardProps): JSX.Element {
  const { hold, surface, now } = props
  const id = useId()
  const overlay = surface === 'overlay'
  return (
    <article
      class={`hp-card hp-${surface} hp-effect-${hold.classification.effect}`}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-undo`}
      {...(overlay ? { role: 'alertdialog', 'aria-modal': 'true' } : {})}
      data-hold={hold.id}
    >
      <header class="hp-head">
        <CategoryTag category={hold.classification.category} />
        <Expiry hold={hold} now={now} />
        <h2 class="hp-title" id={`${id}-title`}>
          <Sentence parts={sentenceParts(hold)} />
        </h2>
        <div id={`${id}-undo`}>
          <Reversibility hold={hold} />
        </div>
        <Scope text={hold.scope ?? props.scope} />
      </header>
      <div class="hp-body">
        {hold.changes && <WhatMoved changes={hold.changes} />}
        {props.picture}
        <Restraint
          hold={hold}
          now={now}
          {...(props.entryLink ? { entryLink: props.entryLink } : {})}
        />
        <WhatChanges descriptor={hold.descriptor} />
        <WhyAsked hold={hold} />
      </div>
      <VerdictRow {...props} />
    </article>
  )
}

/** Time left, and what happens when it is over. */
function Expiry({ hold, now }: { hold: Hold; now: number }): JSX.Element {
  const left = Date.parse(hold.expiresAt) - now
  if (hold.state !== 'pending') return <span class="hp-expiry">{hold.state}</span>
  if (left <= 0) return <span class="hp-expiry hp-soon">time is over: nothing happens</span>
  return (
    <span class={`hp-expiry${left < 60_000 ? ' hp-soon' : ''}`} role="timer">
      <Icon name="clock" size={16} />
      <span>
        expires unanswered in <b class="hp-digits">{countdown(left)}</b>: nothing happens
      </span>
    </span>
  )
}
