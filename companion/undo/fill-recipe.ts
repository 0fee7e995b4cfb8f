import {
  type Filled,
  fillAddress,
  fillTemplate,
  type Values,
} from '#shared/policy/fill-template.ts'
import type { Recipe } from '#shared/policy/policy.ts'
import type { Act } from '#shared/policy/schema-limits.ts'
import { Stopped } from './stopped.ts'

/** A recipe with every value in its place. */
export interface FilledRecipe {
  readonly url: URL
  readonly steps: readonly Act[]
}

/** Puts values into a recipe. `place` says where an address really is: a trial goes elsewhere. Throws
 * Stopped where a value is unknown, in the words of `unknown`, or an address is none. */
export function fillRecipe(
  { url, steps }: Pick<Recipe, 'url' | 'steps'>,
  values: Values,
  place: (url: URL) => URL = (same) => same,
  unknown: (name: string) => string = missing,
): FilledRecipe {
  const known = (filled: Filled) => {
    if (filled.ok) return filled.text
    throw new Stopped(unknown(filled.unknown))
  }
  const first = place(webAddress(known(fillAddress(url, values))))
  const text = (template: string) => known(fillTemplate(template, values))
  return {
    url: first,
    steps: steps.map((act): Act => {
      if ('open' in act)
        return { open: place(webAddress(known(fillAddress(act.open, values)), first.href)).href }
      if ('click' in act) return { click: { role: act.click.role, name: text(act.click.name) } }
      if ('fill' in act)
        return { fill: { label: text(act.fill.label), value: text(act.fill.value) } }
      if ('choose' in act)
        return { choose: { label: text(act.choose.label), value: text(act.choose.value) } }
      return 'press' in act ? { press: act.press } : { expect: text(act.expect) }
    }),
  }
}

function missing(name: string): string {
  return `the recipe needs \`{${name}}\`, which the action does not have`
}

/** Only the web is opened: no files, no pages of the browser. */
export function webAddress(text: string, base?: string): URL {
  const url = URL.canParse(text, base) ? new URL(text, base) : null
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new Stopped(`\`${text}\` is no address of a web page`)
}
