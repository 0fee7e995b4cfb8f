import type { JSX } from 'preact'
import type { Status } from '#shared/protocol/api.ts'
import { Icon, type IconName } from '#shared/ui/icon.tsx'

type Figures = Status['day']

const LINES: readonly { key: keyof Figures; word: string; icon: IconName; tone: string }[] = [
  { key: 'allow', word: 'Allowed', icon: 'check', tone: 'ok' },
  { key: 'hold', word: 'Held for a person', icon: 'clock', tone: 'hold' },
  { key: 'deny', word: 'Forbidden by a rule', icon: 'cross', tone: 'danger' },
  { key: 'approved', word: 'Approved by a person', icon: 'check', tone: 'ok' },
  { key: 'denied', word: 'Denied by a person', icon: 'cross', tone: 'danger' },
  { key: 'shadow', word: 'Recorded in shadow', icon: 'moon', tone: 'plain' },
  { key: 'observe', word: 'Observed', icon: 'eye', tone: 'plain' },
  { key: 'miss', word: 'Missed: taken for reading', icon: 'alert', tone: 'danger' },
  { key: 'forgery', word: 'Forgery attempts', icon: 'alert', tone: 'danger' },
]

/** The last 24 hours as counts, each with a bar in proportion to the largest. */
export function Day({ day }: { day: Figures }): JSX.Element {
  const most = Math.max(1, ...LINES.map((line) => day[line.key]))
  return (
    <section class="panel" aria-labelledby="day-title">
      <h2 class="panel-title" id="day-title">
        Last 24 hours
      </h2>
      <ul class="day">
        {LINES.map(({ key, word, icon, tone }) => (
          <li key={key} class={day[key] === 0 ? 'none' : `tone-${tone}`}>
            <Icon name={icon} size={16} />
            <span class="day-word">{word}</span>
            <b class="hp-digits">{day[key].toLocaleString()}</b>
            <span class="day-bar" aria-hidden="true">
              <span style={{ inlineSize: `${(100 * day[key]) / most}%` }} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
