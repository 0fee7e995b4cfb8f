import type { JSX } from 'preact'
import { useId, useRef, useState } from 'preact/hooks'
import type { Hold } from '#shared/protocol/hold.ts'
import { againIn } from '#shared/ui/again.ts'
import { CategoryTag, Icon } from '#shared/ui/icon.tsx'
import { usePress } from '#shared/ui/press.ts'
import { Scope } from '#shared/ui/scope.tsx'
import { visible } from '#shared/ui/visible.ts'
import { useArmed } from '../armed.ts'
import { now } from '../clock.ts'
import type { Desk } from '../desk.ts'
import { BatchTable } from './batch-table.tsx'

interface BatchProps {
  desk: Desk
  name: string
  holds: readonly [Hold, ...Hold[]]
  /** Opens one of them in full. */
  onLook(id: string): void
}

/** Holds that one used-up limit put aside, reviewed together: what each would do, and one answer, with
 * one reason, to those that are ticked. Nothing is ticked to begin with. */
export function Batch({ desk, name, holds, onLook }: BatchProps): JSX.Element {
  const id = useId()
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const chosen = holds.filter((hold) => ticked.has(hold.id))
  const [first] = holds
  const again = againIn(first, now.value)
  const scope = first.scope ?? desk.policy.value?.scope
  return (
    <article class="hp-card hp-dashboard batch" aria-labelledby={`${id}-title`}>
      <header class="hp-head">
        <CategoryTag category={first.classification.category} />
        <span class="hp-expiry">
          <Icon name="list" size={16} />
          {visible(name, { limit: 80 })}
        </span>
        <h2 class="hp-title" id={`${id}-title`}>
          {holds.length} actions to review together
        </h2>
        <p class="batch-why">
          {visible(first.decision.reason, { limit: 300 })}.
          {again && <span class="hint"> {again}.</span>}
        </p>
        <Scope text={scope} />
      </header>
      <BatchTable desk={desk} holds={holds} ticked={ticked} onTicked={setTicked} onLook={onLook} />
      <BatchVerdict key={name} desk={desk} holds={holds} chosen={chosen} />
    </article>
  )
}

function BatchVerdict(props: {
  desk: Desk
  holds: readonly Hold[]
  chosen: readonly Hold[]
}): JSX.Element {
  const { desk, holds, chosen } = props
  const { verdicts } = desk
  const row = useRef<HTMLElement>(null)
  const [reason, setReason] = useState('')
  const [id, hint] = [useId(), useId()]
  const armed = useArmed(row, contentOf(chosen))
  const busy = chosen.some((hold) => verdicts.busy.value.has(hold.id))
  const live = chosen.length > 0 && !busy && desk.connection.value !== 'lost'
  const said = reason.trim() === '' ? undefined : reason.trim()
  const answer = (verdict: 'approve' | 'deny') => {
    setReason('')
    void verdicts.decideAll(chosen, verdict, said)
  }
  const denying = usePress(live, () => answer('deny'))
  const approving = usePress(live && armed, () => answer('approve'))
  const count = chosen.length === holds.length ? `all ${holds.length}` : String(chosen.length)
  const danger = chosen.some(({ classification }) => classification.effect !== 'reversible')
  return (
    <footer class={`hp-verdict${danger ? ' hp-effect-unknown' : ''}`} ref={row}>
      <p class="hp-title batch-count" role="status">
        {chosen.length === 0
          ? 'Tick what you have looked at.'
          : `${chosen.length} of ${holds.length} ticked${danger ? '; not all of it can be undone' : ''}`}
      </p>
      <label class="hp-sr" for={id}>
        One reason for all that are ticked
      </label>
      <input
        id={id}
        class="hp-input"
        maxLength={500}
        autocomplete="off"
        placeholder="One reason for all (for the log; the agent is told if you deny)"
        value={reason}
        onInput={(event) => setReason(event.currentTarget.value)}
      />
      <div class="hp-buttons">
        <button
          type="button"
          class="hp-button hp-deny"
          aria-disabled={!live}
          data-verdict="deny"
          {...denying}
        >
          <Icon name="cross" />
          {busy ? 'Answering…' : chosen.length === 0 ? 'Deny' : `Deny ${count}`}
        </button>
        <button
          type="button"
          class={`hp-button hp-approve${armed || !live ? '' : ' hp-waiting'}`}
          aria-disabled={!(live && armed)}
          aria-describedby={live && !armed ? hint : undefined}
          data-verdict="approve"
          {...approving}
        >
          <Icon name={armed || !live ? 'check' : 'clock'} />
          {chosen.length === 0 ? 'Approve' : `Approve ${count}`}
        </button>
      </div>
      <span class="hp-sr" id={hint}>
        available in a moment, once this has been in view
      </span>
    </footer>
  )
}

/** What the person has ticked: any change of it starts the arming again. */
function contentOf(chosen: readonly Hold[]): string {
  return JSON.stringify(
    chosen.map(({ id, descriptor, classification, decision, approvals }) => [
      ...[id, descriptor, classification, decision, approvals],
    ]),
  )
}
