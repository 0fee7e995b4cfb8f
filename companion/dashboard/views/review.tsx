import type { JSX } from 'preact'
import type { Status } from '#shared/protocol/api.ts'
import type { ReviewDue } from '#shared/protocol/oversight.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { visible } from '#shared/ui/visible.ts'
import { ANYTHING } from '../client.ts'
import type { Desk } from '../desk.ts'
import { NoteForm } from '../note-form.tsx'
import { linkTo } from '../route.ts'

/** Says wherever one is that the policy has to be looked over; nothing while it has not. */
export function ReviewBanner({ status }: { status: Status | null }): JSX.Element | null {
  const [first, ...more] = status?.reviews ?? []
  if (!first) return null
  return (
    <div class="banner warn">
      <Icon name="book" />
      <span>
        <b>The policy is due for a review.</b> {visible(first.says, { limit: 200 })}
        {more.length > 0 && ` And ${more.length} more.`}
      </span>
      <a class="button" href={linkTo('policy')}>
        Review it
      </a>
    </div>
  )
}

/** What makes a review due, and the note that closes it; else when the next one is. */
export function ReviewPanel(props: {
  desk: Desk
  due: readonly ReviewDue[]
  next: string | null
}): JSX.Element | null {
  const { desk, due, next } = props
  if (due.length === 0 && next === null) return null
  const close = async (note: string) => {
    const result = await desk.client.send('POST', 'v1/reviews', { note }, ANYTHING)
    desk.trouble.value = result.ok ? null : `The review was not closed: ${result.error.message}`
    await desk.refresh()
    return result.ok
  }
  return (
    <section class={`panel${due.length > 0 ? ' due' : ''}`} aria-labelledby="review-title">
      <h2 class="panel-title" id="review-title">
        <Icon name={due.length > 0 ? 'alert' : 'clock'} size={18} />
        {due.length > 0 ? 'Review due' : 'Review'}
      </h2>
      {due.length === 0 && next !== null && (
        <p>Nobody has to look over the policy before {day(next)}.</p>
      )}
      <ul class="due-list">
        {due.map((one) => (
          <li key={`${one.why} ${one.since}`}>
            {visible(one.says, { limit: 300 })}
            {one.entry && (
              <>
                {' '}
                <a href={linkTo('log', one.entry)}>
                  <code>{one.entry}</code>
                </a>
              </>
            )}
          </li>
        ))}
      </ul>
      {due.length > 0 && (
        <>
          <p class="hint">
            Read the scope, the rules and their figures on this page, and the log since the last
            review. Change the file where it is no longer right; then close the review.
          </p>
          <NoteForm
            label="What you looked at and decided"
            place="Limits are right; raised nothing"
            word="Close the review"
            onNote={close}
          />
        </>
      )}
    </section>
  )
}

function day(at: string): string {
  return new Date(at).toLocaleDateString(undefined, { dateStyle: 'long' })
}
