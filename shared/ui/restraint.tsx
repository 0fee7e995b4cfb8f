import type { ComponentChildren, JSX } from 'preact'
import type { Hold } from '#shared/protocol/hold.ts'
import { againIn } from './again.ts'
import { approvalsSay } from './approvals.ts'
import { earningSays } from './earning-words.ts'
import { Icon, type IconName } from './icon.tsx'
import { Meter } from './meter.tsx'
import { visible } from './visible.ts'

/** Most of the entries it is like that are named; the rest is a number. */
const NAMED = 5

interface RestraintProps {
  hold: Pick<Hold, 'decision' | 'approvals' | 'state' | 'createdAt'>
  /** Milliseconds since the epoch. */
  now: number
  /** Address of an entry of the log, where the surface can show one. */
  entryLink?(audit: string): string
}

/** What is behind a hold beyond the action itself: who has to agree, what it is like, what is used up
 * and when that is over, what its rule has yet to earn. Nothing where none of it applies. */
export function Restraint({ hold, now, entryLink }: RestraintProps): JSX.Element | null {
  const { decision } = hold
  const people = approvalsSay(hold)
  const again = againIn(hold, now)
  const { earning, like, batch } = decision
  if (!people && !again && !earning && !like?.length && batch === undefined) return null
  return (
    <section class="hp-section hp-restraint" aria-label="What it depends on">
      <ul>
        {people && <Point icon="personnel">{people}</Point>}
        {like && like.length > 0 && (
          <Point icon="copy">
            Much the same was done before:{' '}
            <Like like={like} {...(entryLink ? { entryLink } : {})} />
          </Point>
        )}
        {batch !== undefined && (
          <Point icon="list">
            Reviewed together with what else <b>{visible(batch, { limit: 80 })}</b> held
          </Point>
        )}
        {again && <Point icon="clock">{again}</Point>}
        {earning && (
          <Point icon="gauge">
            Rule <code>{visible(earning.rule, { limit: 60 })}</code>{' '}
            {earning.proposed
              ? 'has earned to allow this, once somebody turns it on'
              : 'has to earn this'}
            : {earningSays(earning)}
            <Meter
              label={`What rule ${visible(earning.rule, { limit: 60 })} has earned`}
              value={earning.reviews}
              max={earning.of}
            />
            {!earning.proposed && <span class="hp-aside">Your answer counts.</span>}
          </Point>
        )}
      </ul>
    </section>
  )
}

function Like({
  like,
  entryLink,
}: {
  like: readonly string[]
  entryLink?(audit: string): string
}): JSX.Element {
  const more = like.length - NAMED
  return (
    <>
      {like.slice(0, NAMED).map((audit, index) => (
        <span key={audit}>
          {index > 0 && ', '}
          {entryLink ? (
            <a href={entryLink(audit)}>
              <code>{visible(audit, { limit: 40 })}</code>
            </a>
          ) : (
            <code>{visible(audit, { limit: 40 })}</code>
          )}
        </span>
      ))}
      {more > 0 && ` and ${more} more`}
    </>
  )
}

function Point({ icon, children }: { icon: IconName; children: ComponentChildren }): JSX.Element {
  return (
    <li>
      <Icon name={icon} size={18} />
      <span>{children}</span>
    </li>
  )
}
