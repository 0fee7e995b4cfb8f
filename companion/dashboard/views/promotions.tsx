import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Promotion } from '#shared/protocol/oversight.ts'
import { Icon, type IconName } from '#shared/ui/icon.tsx'
import { ago, soon } from '#shared/ui/time.ts'
import { visible } from '#shared/ui/visible.ts'
import { ANYTHING } from '../client.ts'
import { now } from '../clock.ts'
import type { Desk } from '../desk.ts'
import { linkTo } from '../route.ts'
import { ActionFacts } from './action-facts.tsx'

const STATES: Record<Promotion['state'], { word: string; icon: IconName; tone: string }> = {
  unspent: { word: 'May be done', icon: 'clock', tone: 'hold' },
  spent: { word: 'Done', icon: 'check', tone: 'ok' },
  expired: { word: 'Expired', icon: 'clock', tone: 'plain' },
  revoked: { word: 'Revoked', icon: 'undo', tone: 'plain' },
}

/** What was promoted: unspent ones first, each with a way to take it back. */
export function Promotions(props: {
  desk: Desk
  promotions: readonly Promotion[]
  onChange(): void
}): JSX.Element {
  const [busy, setBusy] = useState<string | null>(null)
  const order = [...props.promotions].sort(
    (a, b) => Number(b.state === 'unspent') - Number(a.state === 'unspent'),
  )
  const revoke = async ({ id }: Promotion) => {
    const { desk } = props
    setBusy(id)
    const path = `v1/promotions/${encodeURIComponent(id)}`
    const result = await desk.client.send('DELETE', path, undefined, ANYTHING)
    desk.trouble.value = result.ok ? null : `It was not revoked: ${result.error.message}`
    setBusy(null)
    props.onChange()
  }
  return (
    <section class="panel" aria-labelledby="promoted-title">
      <h2 class="panel-title" id="promoted-title">
        Promoted
      </h2>
      <ul class="promotions">
        {order.map((one) => (
          <li key={one.id}>
            <Line promotion={one} />
            {one.state === 'unspent' && (
              <button
                type="button"
                class="button"
                disabled={busy === one.id}
                onClick={() => void revoke(one)}
              >
                <Icon name="undo" size={16} />
                Revoke
                <span class="hp-sr"> {one.id}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Line({ promotion }: { promotion: Promotion }): JSX.Element {
  const { word, icon, tone } = STATES[promotion.state]
  const { action, by, note, at, until, state, spent } = promotion
  return (
    <>
      <span class={`kind tone-${tone}`}>
        <Icon name={icon} size={16} />
        {word}
      </span>
      <div class="promotion-what">
        <p>
          {action ? (
            <ActionFacts ask={action} />
          ) : (
            'What was done on staging cannot be read any more.'
          )}
        </p>
        <p class="hint">
          Promoted by {visible(by, { limit: 60 })} {ago(now.value - Date.parse(at))}: “
          {visible(note, { limit: 200 })}”
          {state === 'unspent' && ` · ends ${soon(Date.parse(until) - now.value)}`}
          {' · '}
          staged: <a href={linkTo('log', promotion.id)}>{promotion.id}</a>
          {spent !== undefined && (
            <>
              {' · '}
              done: <a href={linkTo('log', spent)}>{spent}</a>
            </>
          )}
        </p>
      </div>
    </>
  )
}
