import type { JSX } from 'preact'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { visible } from '#shared/ui/visible.ts'
import { Copy } from '../copy.tsx'

/** The entry as a link of the chain: who wrote it, its hash and the one before, and its raw body. */
export function Record({ entry }: { entry: AuditEntry }): JSX.Element {
  return (
    <aside class="panel record" aria-label="Record">
      <h2 class="panel-title">Record</h2>
      <dl class="pairs">
        <dt>Audit id</dt>
        <dd>
          <Copy value={entry.id} />
        </dd>
        <dt>Time</dt>
        <dd>
          <code>{entry.at}</code>
        </dd>
        <dt>Actor</dt>
        <dd>
          <bdi>{visible(entry.actor, { limit: 80 })}</bdi>
        </dd>
        {entry.hold && (
          <>
            <dt>Hold</dt>
            <dd>
              <Copy value={entry.hold} />
            </dd>
          </>
        )}
        {entry.run && (
          <>
            <dt>Run</dt>
            <dd>
              <bdi>{visible(entry.run, { limit: 80 })}</bdi>
            </dd>
          </>
        )}
        <dt>Hash</dt>
        <dd>
          <Copy value={entry.hash} short={`${entry.hash.slice(0, 16)}…`} />
        </dd>
        <dt>Before it</dt>
        <dd>
          <Copy value={entry.prev} short={`${entry.prev.slice(0, 16)}…`} />
        </dd>
      </dl>
      <details class="raw">
        <summary>The whole record (JSON)</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
        <pre tabIndex={0}>
          {visible(JSON.stringify(entry.body, null, 1), { limit: 40_000, lines: true })}
        </pre>
      </details>
    </aside>
  )
}
