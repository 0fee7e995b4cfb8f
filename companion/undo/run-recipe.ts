import type { FoundBrowser } from '#companion/browser/find-browser.ts'
import type { Params } from '#companion/gateway/cdp.ts'
import { type Launched, launch } from '#companion/gateway/launch.ts'
import type { Pipe } from '#companion/gateway/pipe.ts'
import type { Act } from '#shared/policy/schema-limits.ts'
import type { FilledRecipe } from './fill-recipe.ts'
import { Page } from './page.ts'
import { signIn } from './sign-in.ts'
import { Stopped } from './stopped.ts'
import { says, takeStep } from './take-step.ts'

export interface RunOptions {
  browser: FoundBrowser
  /** Profile folder of its own: no agent has ever been in it. */
  profile: string
  headless: boolean
  /** Cookies of whoever is signed in, as CDP gives them. */
  cookies?: readonly Params[]
  /** Origins that nothing may be asked of: what is in production, in a trial. */
  forbidden?: readonly string[]
  /** Told of each step as it is done. Must not throw. */
  done?(step: string): void
  /** How long a step waits for what it is about, in ms. */
  stepMs?: number
  /** How long all of it may take, in ms. */
  totalMs?: number
}

export interface Outcome {
  readonly ok: boolean
  /** The steps that were taken, in words. */
  readonly did: readonly string[]
  /** Whether anything was clicked, filled, chosen or pressed. */
  readonly touched: boolean
  /** Why it did not go on; null where it is done. */
  readonly why: string | null
}

const TOTAL_MS = 120_000

/** Does what a recipe says, in a browser that is started for it and that nobody else can reach. The
 * browser ends with it. Never rejects. */
export async function runRecipe(recipe: FilledRecipe, options: RunOptions): Promise<Outcome> {
  const progress: Progress = { did: [], touched: false }
  const why = await tried(recipe, options, progress)
  return { ok: why === null, ...progress, why: why && clip(why) }
}

interface Progress {
  did: string[]
  touched: boolean
}

/** Null once it is done. */
async function tried(
  recipe: FilledRecipe,
  options: RunOptions,
  progress: Progress,
): Promise<string | null> {
  const { browser, profile, headless, totalMs = TOTAL_MS } = options
  let launched: Launched | undefined
  let late = false
  const timer = setTimeout(() => {
    late = true
    launched?.close().catch(() => undefined) // whatever is under way ends with it, and says so
  }, totalMs)
  try {
    launched = await launch({ browser, profile, headless, client: [] })
    await prepare(launched.pipe, recipe, options)
    await steps(await Page.open(launched.pipe), recipe, options, progress)
    return null
  } catch (error) {
    if (late) return `it took longer than ${totalMs / 1000} s`
    return error instanceof Error ? error.message : String(error)
  } finally {
    clearTimeout(timer)
    await launched?.close()
  }
}

async function steps(
  page: Page,
  recipe: FilledRecipe,
  options: RunOptions,
  progress: Progress,
): Promise<void> {
  const first: Act = { open: recipe.url.href }
  const all = [first, ...recipe.steps]
  const origins = new Set(all.flatMap((act) => ('open' in act ? [new URL(act.open).origin] : [])))
  for (const act of all) {
    const looks = 'open' in act || 'expect' in act
    if (!looks) stayedOn(page, origins)
    const taken = () => {
      progress.touched ||= !looks
      const step = clip(says(act))
      progress.did.push(step)
      options.done?.(step)
    }
    await takeStep(page, act, taken, options.stepMs).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error)
      throw new Stopped(`${says(act)}: ${why} (at ${page.url.slice(0, 200)})`)
    })
  }
  if (page.dialog !== null) throw new Stopped(`the page still asks \`${page.dialog}\``)
}

/** Pages and policies can be long-winded, and the log is for people. */
function clip(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text
}

/** Nothing is touched on a site that the recipe does not open. */
function stayedOn(page: Page, origins: ReadonlySet<string>): void {
  const { origin } = new URL(page.url)
  if (origins.has(origin)) return
  throw new Stopped(
    `the page went to \`${origin}\`, which the recipe does not open; is somebody signed in there?`,
  )
}

/** Before there is a page: what it may not ask for, and who is signed in. */
async function prepare(
  pipe: Pipe,
  { url }: FilledRecipe,
  { forbidden = [], cookies = [] }: RunOptions,
): Promise<void> {
  if (forbidden.length > 0) {
    const root = pipe.session()
    root.on('Fetch.requestPaused', ({ requestId }) => {
      const params = { requestId, errorReason: 'BlockedByClient' }
      root.call('Fetch.failRequest', params).catch(() => undefined) // gone with its page
    })
    const patterns = forbidden.map((origin) => ({ urlPattern: `${origin}/*` }))
    await root.call('Fetch.enable', { patterns })
  }
  await signIn(pipe, url.hostname, cookies)
}
