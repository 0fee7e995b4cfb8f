import type { JSX } from 'preact'
import type { RuleEarning } from '#shared/protocol/oversight.ts'
import { earningSays } from '#shared/ui/earning-words.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { Meter } from '#shared/ui/meter.tsx'
import { ANYTHING } from '../client.ts'
import type { Desk } from '../desk.ts'
import { NoteForm } from '../note-form.tsx'

/** How far a rule has come with earning its effect, and the way to turn it on once it has. */
export function Earned({ desk, earning }: { desk: Desk; earning: RuleEarning }): JSX.Element {
  const { rule, allowed, proposed, accepted } = earning
  const accept = async (note: string) => {
    const path = `v1/policy/earned/${encodeURIComponent(rule)}`
    const result = await desk.client.send('POST', path, { note }, ANYTHING)
    desk.trouble.value = result.ok ? null : `It was not turned on: ${result.error.message}`
    await desk.refresh()
    return result.ok
  }
  return (
    <div class="earned">
      <p class="earned-line">
        <span class={`kind tone-${allowed ? 'ok' : 'hold'}`}>
          <Icon name={allowed ? 'check' : 'gauge'} size={16} />
          {allowed ? 'earned' : 'earning'}
        </span>
        <span class="hp-digits">{earningSays(earning)}</span>
      </p>
      {!allowed && (
        <Meter label={`What rule ${rule} has earned`} value={earning.reviews} max={earning.of} />
      )}
      {allowed && (
        <p class="hint">
          It goes by itself{accepted ? ', turned on by a person' : ''}. One error too many, or
          another rule text, makes it a hold again.
        </p>
      )}
      {!allowed && !proposed && (
        <p class="hint">
          A person decides each one until then; those verdicts are what it earns by.
        </p>
      )}
      {proposed && !allowed && (
        <div class="earned-offer">
          <p>
            <b>It may now go by itself: turn it on?</b> What this rule matches is then let go
            without a person.
          </p>
          <NoteForm
            label="Why it may"
            place="Looked at the last 200; all as they should be"
            word="Turn it on"
            primary
            onNote={accept}
          />
        </div>
      )}
    </div>
  )
}
