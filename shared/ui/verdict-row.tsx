import type { JSX } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { HoldCardProps } from './hold-card.tsx'
import { Icon } from './icon.tsx'
import { usePress } from './press.ts'
import { buttonWords } from './sentence.ts'
import { settled } from './settled.ts'
import { visible } from './visible.ts'

/** Reasons a person can give with one press; they go back to the agent. */
const CHIPS = ['Wrong recipient', 'Wrong amount', 'Not part of the task', 'Ask me first'] as const

/** The two answers. Deny comes first in the focus order; neither is reached by Enter elsewhere. */
export function VerdictRow(props: HoldCardProps): JSX.Element {
  const { hold, surface, armed, mayApprove, busy } = props
  const [reason, setReason] = useState('')
  const deny = useRef<HTMLButtonElement>(null)
  const words = buttonWords(hold)
  const still = hold.state === 'pending' && busy === undefined
  const said = reason.trim() ? [reason.trim()] : []
  const denying = usePress(still, () => props.onDeny(...said))
  const approving = usePress(still && armed && mayApprove, () => props.onApprove(...said))
  const hint = useId()
  useEffect(() => {
    if (surface === 'overlay') deny.current?.focus()
  }, [surface])
  if (hold.state !== 'pending')
    return (
      <footer class="hp-verdict">
        <p class="hp-settled" role="status">
          {settled(hold, props.now)}
        </p>
      </footer>
    )
  return (
    <footer class="hp-verdict">
      {props.refusal && (
        <p class="hp-refusal" role="alert">
          <Icon name="alert" size={18} />
          <span>{visible(props.refusal, { limit: 300 })}</span>
        </p>
      )}
      {!mayApprove && <p class="hp-whynot">{whyNot(props)}</p>}
      <div class="hp-buttons">
        <button
          ref={deny}
          type="button"
          class="hp-button hp-deny"
          aria-disabled={!still}
          data-verdict="deny"
          {...denying}
        >
          <Icon name="cross" />
          {busy === 'deny' ? 'Denying…' : words.deny}
        </button>
        {mayApprove ? (
          <button
            type="button"
            class={`hp-button hp-approve${armed ? '' : ' hp-waiting'}`}
            aria-disabled={!(still && armed)}
            aria-describedby={armed ? undefined : hint}
            data-verdict="approve"
            {...approving}
          >
            <Icon name={armed ? 'check' : 'clock'} />
            {busy === 'approve' ? 'Approving…' : words.approve}
          </button>
        ) : (
          props.onOpenDashboard && (
            <button type="button" class="hp-button hp-elsewhere" onClick={props.onOpenDashboard}>
              <Icon name="open" />
              Open dashboard
            </button>
          )
        )}
      </div>
      <span class="hp-sr" id={hint}>
        available in a moment, once this has been in view
      </span>
      <Reason
        approves={surface === 'dashboard' && mayApprove}
        reason={reason}
        onReason={setReason}
      />
    </footer>
  )
}

/** Why, in a press or in own words. An overlay has the agent's page around it: there only a denial
 * takes a reason. */
function Reason({
  approves,
  reason,
  onReason,
}: {
  approves: boolean
  reason: string
  onReason(text: string): void
}): JSX.Element {
  const id = useId()
  return (
    <details class="hp-denyreason">
      <summary>
        {approves
          ? 'Say why (for the log; the agent is told if you deny)'
          : 'Say why not (the agent is told)'}
      </summary>
      <div class="hp-chips">
        {CHIPS.map((chip) => (
          <button
            type="button"
            class="hp-pick"
            key={chip}
            aria-pressed={reason === chip}
            onClick={() => onReason(reason === chip ? '' : chip)}
          >
            {chip}
          </button>
        ))}
      </div>
      <label class="hp-sr" for={id}>
        Reason
      </label>
      <input
        id={id}
        class="hp-input"
        name="reason"
        maxLength={500}
        autocomplete="off"
        placeholder="Or in your own words"
        value={reason}
        onInput={(event) => onReason(event.currentTarget.value)}
      />
    </details>
  )
}

function whyNot({ whyNot: why, onOpenDashboard, surface }: HoldCardProps): string {
  if (surface === 'dashboard' && why) return visible(why, { limit: 200 })
  const where = onOpenDashboard
    ? 'You can deny here; approving is done in the dashboard'
    : 'You cannot approve this here'
  return why ? `${where}: ${visible(why, { limit: 200 })}` : `${where}.`
}
