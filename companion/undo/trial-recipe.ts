import { fillAddress, type Values } from '#shared/policy/fill-template.ts'
import type { Policy, Recipe } from '#shared/policy/policy.ts'
import { type FilledRecipe, fillRecipe, webAddress } from './fill-recipe.ts'
import { Stopped } from './stopped.ts'
import { moved } from './undo-entry.ts'

/** A recipe as it is tried out: nothing in it is in production. */
export interface Trial {
  readonly recipe: FilledRecipe
  /** Origins that nothing may be asked of meanwhile. */
  readonly forbidden: readonly string[]
}

/** Moves a recipe to where it is tried out: to `asked`, else to its own `sandbox`, else to the staging
 * host of its `url`. An origin alone keeps the path; any other address is taken as it is. Throws Stopped
 * where there is no such place, or where it would be in production. */
export function trialRecipe(
  { sandbox }: Pick<Policy, 'sandbox'>,
  recipe: Recipe,
  values: Values,
  asked?: string,
): Trial {
  const written = asked ?? recipe.sandbox
  const given = written === undefined ? null : webAddress(known(fillAddress(written, values)))
  const own = recipe.url.startsWith('{page.url}') ? null : filledUrl(recipe.url, values)
  const first = placeOf(given, own, sandbox)
  const production = new Set(sandbox.keys())
  if (own !== null && own.origin !== first.origin) production.add(own.origin)
  const place = (url: URL): URL => {
    const staging = sandbox.get(url.origin)
    const there = url.origin === own?.origin ? first.origin : staging
    const to = there === undefined ? url : new URL(moved(url, there))
    if (production.has(to.origin)) throw inProduction(to.origin)
    return to
  }
  const filled = fillRecipe({ ...recipe, url: first.href }, values, place, unset)
  return { recipe: filled, forbidden: [...production] }
}

function placeOf(given: URL | null, own: URL | null, sandbox: ReadonlyMap<string, string>): URL {
  if (given !== null) {
    const bare = given.pathname === '/' && given.search === '' && given.hash === ''
    return bare && own !== null ? new URL(moved(own, given.origin)) : given
  }
  const staging = own === null ? undefined : sandbox.get(own.origin)
  if (own === null || staging === undefined)
    throw new Stopped(
      'there is nowhere to try it out; name an address with `--sandbox URL`, or write `sandbox:` in the recipe or the policy',
    )
  return new URL(moved(own, staging))
}

function filledUrl(template: string, values: Values): URL {
  return webAddress(known(fillAddress(template, values)))
}

function known(filled: ReturnType<typeof fillAddress>): string {
  if (filled.ok) return filled.text
  throw new Stopped(unset(filled.unknown))
}

function unset(name: string): string {
  return `a trial needs a value for \`{${name}}\`; give one with \`--set '${name}=…'\``
}

function inProduction(origin: string): Stopped {
  return new Stopped(`\`${origin}\` is in production, where nothing is tried out`)
}
