import type { JSX } from 'preact'
import type { Hold } from '#shared/protocol/hold.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { Sentence } from '#shared/ui/page-text.tsx'
import { sentenceParts } from '#shared/ui/sentence.ts'
import { settled } from '#shared/ui/settled.ts'
import { linkTo } from '../route.ts'

/** How the hold that was just on screen came to its end, here or elsewhere. */
export function ClosedNote({ hold, now }: { hold: Hold; now: number }): JSX.Element {
  const good = hold.state === 'approved'
  return (
    <p class={`closed ${good ? 'ok' : 'plain'}`} role="status">
      <Icon name={good ? 'check' : hold.state === 'expired' ? 'clock' : 'cross'} />
      <span class="closed-text">
        <b>{settled(hold, now)}</b>
        <span class="closed-what">
          <Sentence parts={sentenceParts(hold)} />
        </span>
      </span>
      <a class="button" href={linkTo('log', hold.auditId)}>
        Trace
      </a>
    </p>
  )
}
