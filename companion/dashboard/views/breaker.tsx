import type { JSX } from 'preact'
import type { Status } from '#shared/protocol/api.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { ago } from '#shared/ui/time.ts'
import { visible } from '#shared/ui/visible.ts'
import { ANYTHING } from '../client.ts'
import { now } from '../clock.ts'
import type { Desk } from '../desk.ts'
import { NoteForm } from '../note-form.tsx'
import { scopeSays } from '../scope-words.ts'

type Scope = Status['breaker']['scopes'][number]

/** Whether anything is stopped. */
export function BreakerTile({ status }: { status: Status }): JSX.Element {
  const { open, scopes } = status.breaker
  return (
    <div class={`tile tone-${open ? 'danger' : 'ok'}`}>
      <span class="tile-label">Breaker</span>
      <span class="tile-value">
        <Icon name={open ? 'alert' : 'check'} size={22} />
        {open ? 'Open' : 'Closed'}
      </span>
      <span class="tile-note">
        {!open
          ? 'Nothing tripped it'
          : scopes.length > 1
            ? `${scopes.length} of them are open`
            : `${scopeSays(scopes[0]?.scope ?? 'policy')} is held`}
      </span>
    </div>
  )
}

/** Every breaker that is open, with what opened it and the way to close it. Nothing while none is. */
export function OpenBreakers({ desk, status }: { desk: Desk; status: Status }): JSX.Element | null {
  const { scopes } = status.breaker
  if (scopes.length === 0) return null
  return (
    <section class="panel problems" aria-labelledby="breakers-title">
      <h2 class="panel-title" id="breakers-title">
        <Icon name="alert" size={18} />
        {scopes.length === 1 ? 'The breaker is open' : `${scopes.length} breakers are open`}
      </h2>
      <ul class="breakers">
        {scopes.map((scope) => (
          <li key={scope.scope}>
            <Breaker desk={desk} scope={scope} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Breaker({ desk, scope }: { desk: Desk; scope: Scope }): JSX.Element {
  const close = async (reason: string) => {
    const body = { scope: scope.scope, reason }
    const result = await desk.client.send('POST', 'v1/breaker/reset', body, ANYTHING)
    desk.trouble.value = result.ok ? null : `The breaker was not closed: ${result.error.message}`
    await desk.refresh()
    return result.ok
  }
  return (
    <>
      <p>
        <b>{scopeSays(scope.scope)} is held.</b> {visible(scope.reason, { limit: 300 })}
      </p>
      <p class="hint">
        Open for <Since at={scope.since} />. It closes only by your hand; the reason stays in the
        log.
      </p>
      <NoteForm
        label="Why it may go on"
        place="What you found, and what was done about it"
        word="Close the breaker"
        onNote={close}
      />
    </>
  )
}

function Since({ at }: { at: string }): JSX.Element {
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {ago(now.value - Date.parse(at)).replace(/ ago$/, '')}
    </time>
  )
}
