import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Undone } from '#shared/protocol/api.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { duration, parsePeriod } from '#shared/ui/time.ts'
import { visible } from '#shared/ui/visible.ts'
import { now } from '../clock.ts'
import type { Desk } from '../desk.ts'
import { readEntry } from '../read-entry.ts'

interface Way {
  /** The entry under which it was let go. */
  entry: string
  recipe: string
  path: string
  /** Ms since the epoch; null without an end. */
  until: number | null
  within: string | undefined
}

/** How an action can be taken back by a program, read from its trace; null where it was not let go, has
 * been taken back, or has no recipe. */
export function wayBack(trace: readonly AuditEntry[]): Way | null {
  if (trace.some(({ kind }) => String(kind) === 'undone')) return null
  const decided = trace.map(readEntry).find(({ decision }) => decision?.undo?.recipe !== undefined)
  const undo = decided?.decision?.undo
  const gone = trace.find(
    ({ kind, body }) => kind === 'release' || (kind === 'decision' && body.answer === 'go'),
  )
  if (undo?.recipe === undefined || !gone) return null
  const lasts = undo.within === undefined ? null : parsePeriod(undo.within)
  return {
    entry: gone.id,
    recipe: undo.recipe,
    path: undo.path,
    until: lasts === null ? null : Date.parse(gone.at) + lasts,
    within: undo.within,
  }
}

/** In the trace of an action that was let go: take it back, by the recipe of its rule. */
export function TakeBack(props: { desk: Desk; trace: readonly AuditEntry[] }): JSX.Element | null {
  const { desk } = props
  const way = wayBack(props.trace)
  const [state, setState] = useState<'idle' | 'sure' | 'busy'>('idle')
  const [said, setSaid] = useState<{ ok: boolean; text: string; did: readonly string[] } | null>(
    null,
  )
  if (!way && !said) return null
  const late = way !== null && way.until !== null && now.value > way.until
  const run = async () => {
    if (!way) return
    setState('busy')
    const path = `v1/audit/${encodeURIComponent(way.entry)}/undo`
    const result = await desk.client.send('POST', path, {}, Undone, 90_000)
    setState('idle')
    setSaid(
      result.ok
        ? { ok: true, text: 'Taken back.', did: result.value.did }
        : { ok: false, text: `Not taken back: ${result.error.message}`, did: [] },
    )
  }
  return (
    <div class={`approved-note take-back${said && !said.ok ? ' failed' : ''}`}>
      <Icon name="undo" />
      <span class="approved-what">
        <b>{said ? said.text : late ? 'The time to undo this is over' : 'This can be undone'}</b>
        {said && said.did.length > 0 && (
          <ul class="hp-lines">
            {said.did.map((line) => (
              <li key={line}>{visible(line, { limit: 200 })}</li>
            ))}
          </ul>
        )}
        {way && !said?.ok && (
          <span class="approved-waits">
            {visible(way.path, { limit: 200 })}
            {way.within !== undefined && `, within ${duration(way.within)}`}. Holdpoint does it by
            recipe <code>{visible(way.recipe, { limit: 60 })}</code>, in a browser of its own.
          </span>
        )}
      </span>
      {way && !said?.ok && (
        <span class="take-back-acts">
          {state === 'sure' && (
            <button type="button" class="button" onClick={() => setState('idle')}>
              Keep it
            </button>
          )}
          <button
            type="button"
            class={`button${state === 'sure' ? ' danger' : ''}`}
            disabled={state === 'busy' || late}
            onClick={() => (state === 'sure' ? void run() : setState('sure'))}
          >
            {state === 'busy' ? 'Undoing…' : state === 'sure' ? 'Undo it now' : 'Undo'}
          </button>
        </span>
      )}
    </div>
  )
}
