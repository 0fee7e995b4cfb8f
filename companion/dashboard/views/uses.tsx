import type { JSX } from 'preact'
import type { PolicyUse, Use } from '#shared/protocol/oversight.ts'
import { Meter } from '#shared/ui/meter.tsx'
import { money } from '#shared/ui/money.ts'
import { soon } from '#shared/ui/time.ts'
import { visible } from '#shared/ui/visible.ts'

const HEADS: Record<Use['kind'], string> = {
  limit: 'Limits',
  budget: 'Budgets',
  ceiling: 'Ceilings',
}

/** Every limit, budget and ceiling with how much of it is used now. Nothing without any. */
export function Uses({ use }: { use: PolicyUse }): JSX.Element | null {
  if (use.uses.length === 0) return null
  return (
    <section class="panel" aria-labelledby="uses-title">
      <h2 class="panel-title" id="uses-title">
        Used now
      </h2>
      {Object.entries(HEADS).map(([kind, head]) => {
        const uses = use.uses.filter((one) => one.kind === kind)
        if (uses.length === 0) return null
        return (
          <section key={kind} aria-label={head}>
            <h3 class="uses-head">{head}</h3>
            <ul class="uses">
              {uses.map((one, index) => (
                <li key={index}>
                  <Line use={one} />
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </section>
  )
}

function Line({ use }: { use: Use }): JSX.Element {
  const full = use.used === null || use.used >= use.max
  return (
    <>
      <span class="use-what">
        {use.rule === null ? (
          visible(use.says, { limit: 160 })
        ) : (
          <>
            Rule <code>{visible(use.rule, { limit: 60 })}</code>
          </>
        )}
        {use.of !== undefined && (
          <span class="hint">
            , most by <bdi>{visible(use.of, { limit: 60 })}</bdi>
          </span>
        )}
      </span>
      <span class="use-count hp-digits">{usedSays(use)}</span>
      <Meter
        label={use.rule === null ? visible(use.says, { limit: 100 }) : `Rule ${use.rule}`}
        value={use.used ?? use.max}
        max={use.max}
        tone={full ? 'hold' : 'plain'}
      />
      {full && (
        <span class="use-full">
          {use.used === null
            ? 'An amount went that nobody could read, so it counts as used up'
            : 'Used up: what comes now is held'}
          {use.retryAfter !== undefined && `; some is free again ${soon(use.retryAfter * 1000)}`}
        </span>
      )}
    </>
  )
}

/** "18 of 25 this hour", "$1,200.00 of $2,000.00 this day". */
export function usedSays({ used, max, currency, window }: Use, locale?: string): string {
  const show = (value: number) =>
    currency === undefined
      ? value.toLocaleString(locale)
      : money({ minor: value, currency, text: '' }, locale)
  const within = window === 'a run' ? 'in one run' : windowSays(window)
  return `${used === null ? '?' : show(used)} of ${show(max)} ${within}`
}

function windowSays(window: string): string {
  const named = /^an? (\w+)$/.exec(window)?.[1]
  return named === undefined ? `in ${window}` : `this ${named}`
}
