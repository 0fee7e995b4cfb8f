import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { Sentence } from '#shared/ui/page-text.tsx'
import { shortTitle } from '#shared/ui/sentence.ts'
import { type Reading, readEntry } from '../read-entry.ts'
import { linkTo } from '../route.ts'

/** One entry in one line, which leads to its trace. `action` is the decision it continues, where
 * that is known. */
export function LogRow(props: { entry: AuditEntry; action: AuditEntry | undefined }): JSX.Element {
  const { entry, action } = props
  const reading = useMemo(() => readEntry(entry), [entry])
  const title = useMemo(() => (action && action !== entry ? titleOf(action) : ''), [action, entry])
  return (
    <li>
      <a class="log-row" href={linkTo('log', entry.id)}>
        <time class="log-time hp-digits" dateTime={entry.at} title={entry.at}>
          {new Date(entry.at).toLocaleTimeString()}
        </time>
        <KindTag reading={reading} />
        <span class="log-says">
          {title && <b class="log-action">{title}: </b>}
          <Sentence parts={reading.says} />
        </span>
        <span class={`log-cat hp-cat-${reading.category ?? 'other'}`}>
          {reading.category && (
            <>
              <Icon name={reading.category} size={14} />
              {reading.category}
            </>
          )}
        </span>
        <code class="log-id">{entry.id}</code>
      </a>
    </li>
  )
}

function titleOf(action: AuditEntry): string {
  const { descriptor, classification } = readEntry(action)
  return descriptor && classification ? shortTitle({ descriptor, classification }) : ''
}

/** What happened, by icon and word. */
export function KindTag({ reading }: { reading: Reading }): JSX.Element {
  return (
    <span class={`kind tone-${reading.tone}`}>
      <Icon name={reading.icon} size={16} />
      {reading.word}
    </span>
  )
}
