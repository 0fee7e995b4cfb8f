import type { Context, Signer } from '#companion/core/context.ts'
import type { Refusal } from '#companion/core/hold.ts'
import { judgedIn } from '#companion/core/read-judgement.ts'
import { recordUndone } from '#companion/core/undone.ts'
import { parseDuration } from '#shared/policy/duration.ts'
import { valuesOf } from '#shared/policy/fill-template.ts'
import type { Policy, Recipe } from '#shared/policy/policy.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Decision } from '#shared/protocol/decision.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { claim, giveUp } from './claim.ts'
import { type FilledRecipe, fillRecipe } from './fill-recipe.ts'
import type { Outcome } from './run-recipe.ts'
import { Stopped } from './stopped.ts'

export interface UndoServices {
  context: Context
  /** Runs a recipe where what is undone was done; `run` is the run that did it. */
  run(recipe: FilledRecipe, run: string | null): Promise<Outcome>
}

/** `did` says, step by step, what was done, also where it failed half-way. */
export type UndoResult =
  | { ok: true; audit: string; did: readonly string[] }
  | { ok: false; error: Refusal; did: readonly string[] }

/** Takes back what was let go under an audit entry, by the recipe of its rule and with the values of its
 * action. A person's act: it is recorded as theirs, before anything is touched and after. */
export async function undoEntry(
  { context, run }: UndoServices,
  id: string,
  by: Signer,
): Promise<UndoResult> {
  const found = await wayBack(context, id)
  if (!found.ok) return { ...found, did: [] }
  const { entry, recipe, filled } = found
  const undoing = { entry, recipe, by }
  const claimed = await claim(context, undoing)
  if (!claimed.ok) return { ...claimed, did: [] }
  const outcome = await run(filled, entry.run)
  const { did } = outcome
  if (!outcome.ok) {
    await giveUp(context, undoing, outcome)
    const left = outcome.touched ? 'it stopped half-way' : 'nothing was touched'
    const message = `\`${id}\` could not be undone, ${left}: ${outcome.why ?? ''}`
    return { ok: false, error: { code: 'undo_failed', message }, did }
  }
  const how = `recipe ${recipe}: ${did.join('; ')}`
  const done = await recordUndone(context, id, by, how)
  return done.ok ? { ok: true, audit: done.audit, did } : { ok: false, error: done.error, did }
}

interface WayBack {
  ok: true
  entry: AuditEntry
  /** Name of the recipe. */
  recipe: string
  filled: FilledRecipe
}

type No = { ok: false; error: Refusal }

async function wayBack(context: Context, id: string): Promise<WayBack | No> {
  const entry = await context.store.entry(id)
  if (!entry) return no('entry_unknown', `there is no entry \`${id}\``)
  const letGo = entry.kind === 'release' || entry.body.released === true
  const action = letGo ? await judgedIn(context.store, entry) : null
  if (!action) return no('not_released', `nothing was let go under \`${id}\``)
  const policy = context.policy.current()
  const way = recipeOf(policy, action.decision)
  if (!way) return no('no_recipe', `no rule behind \`${id}\` has an undo recipe in the policy now`)
  const [name, recipe] = way
  const within = withinOf(policy, action.decision, recipe)
  if (within !== null && context.clock.now() > Date.parse(entry.at) + within.ms)
    return no('undo_too_late', `\`${id}\` could be undone for ${within.text}, and that has passed`)
  try {
    const filled = fillRecipe(
      recipe,
      valuesOf(action.descriptor),
      staged(policy, action.descriptor),
    )
    return { ok: true, entry, recipe: name, filled }
  } catch (error) {
    if (error instanceof Stopped) return no('undo_unknown', error.message)
    throw error
  }
}

function recipeOf({ undo, rules }: Policy, decision: Decision): [string, Recipe] | null {
  const byRule = rules.filter(({ id }) => decision.rules.includes(id)).map(({ recipe }) => recipe)
  for (const name of [decision.undo?.recipe, ...byRule]) {
    const recipe = name ? undo.get(name) : undefined
    if (name && recipe) return [name, recipe]
  }
  return null
}

function withinOf({ rules }: Policy, decision: Decision, recipe: Recipe) {
  const byRule = rules.find(({ id, undo }) => decision.rules.includes(id) && undo?.within)
  const text = byRule?.undo?.within ?? decision.undo?.within ?? recipe.within
  const ms = text === undefined ? '' : parseDuration(text)
  return text === undefined || typeof ms === 'string' ? null : { text, ms }
}

/** What was done on a staging host is undone there, though the recipe names the one in production. */
function staged({ sandbox }: Policy, { page }: Descriptor): (url: URL) => URL {
  const at = URL.canParse(page.url) ? new URL(page.url).origin : ''
  return (url) => {
    const staging = sandbox.get(url.origin)
    return staging !== undefined && staging === at ? new URL(moved(url, staging)) : url
  }
}

/** The same address on another origin. */
export function moved({ pathname, search, hash }: URL, origin: string): string {
  return `${origin}${pathname}${search}${hash}`
}

function no(code: string, message: string): No {
  return { ok: false, error: { code, message } }
}
