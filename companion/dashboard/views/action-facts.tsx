import type { JSX } from 'preact'
import { type Ask, shortTitle, siteOf } from '#shared/ui/sentence.ts'
import { type Fact, willChange } from '#shared/ui/will-change.ts'

/** An action in a row of a list: what it does in few words, and its terms. With `site`, where too. */
export function ActionFacts({ ask, site = false }: { ask: Ask; site?: boolean }): JSX.Element {
  return (
    <span class="action">
      <b>{shortTitle(ask)}</b>
      {terms(ask).map((fact) => (
        <span key={fact.label} class={fact.kind === 'sum' ? 'hp-sum-value' : undefined}>
          {fact.kind !== 'sum' && <span class="hint">{fact.label} </span>}
          <bdi>{shown(fact)}</bdi>
        </span>
      ))}
      {site && (
        <span>
          <span class="hint">on </span>
          <bdi>{siteOf(ask.descriptor.page.url)}</bdi>
        </span>
      )}
    </span>
  )
}

/** The same as text, for what has no room to show it. */
export function factsText(ask: Ask): string {
  const words = terms(ask).map((fact) =>
    fact.kind === 'sum' ? shown(fact) : `${fact.label} ${shown(fact)}`,
  )
  return [shortTitle(ask), ...words].join(', ')
}

function terms({ descriptor }: Ask): Fact[] {
  return willChange(descriptor).filter((fact) => fact.of === 'term')
}

/** The first of many values, and how many more there are: they are all where the action is shown in
 * full. */
function shown({ values }: Fact): string {
  const [first = '', ...rest] = values
  return rest.length === 0 ? first : `${first} and ${rest.length} more`
}
