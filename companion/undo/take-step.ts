import type { Act } from '#shared/policy/schema-limits.ts'
import { axTree, plain } from './ax-tree.ts'
import { choose } from './choose.ts'
import { fill } from './fill.ts'
import { clickable } from './find-control.ts'
import { clickNode, pressKey } from './hand.ts'
import type { Page } from './page.ts'
import { Stopped } from './stopped.ts'

/** How long a step waits for what it is about, in ms. */
export const STEP_MS = 10_000

const AGAIN_MS = 150

/** Takes one step of a recipe on the page, and waits for what that sets off. Throws Stopped, with nothing
 * else done, where it cannot be taken just as it is written. `taken` is told once it has been, before what
 * came of it is known. */
export async function takeStep(
  page: Page,
  act: Act,
  taken: () => void,
  waitMs = STEP_MS,
): Promise<void> {
  const isAnswer = 'press' in act && (act.press === 'Enter' || act.press === 'Escape')
  if (page.dialog !== null && 'press' in act && isAnswer) await page.answer(act.press === 'Enter')
  else if (page.dialog !== null && !('expect' in act))
    throw new Stopped(
      `the page asks \`${page.dialog}\`; let the recipe answer it with \`press: Enter\` or \`press: Escape\``,
    )
  else if ('open' in act) await page.goto(act.open)
  else if ('press' in act) await pressKey(page.session, act.press)
  else await until(page, waitMs, () => attempt(page, act))
  taken()
  await page.settled()
}

type Awaited = Exclude<Act, { open: string } | { press: string }>

/** False while it cannot be done yet. */
async function attempt(page: Page, act: Awaited): Promise<boolean> {
  if ('fill' in act) return await fill(page, act.fill.label, act.fill.value)
  if ('choose' in act) return await choose(page, act.choose.label, act.choose.value)
  if ('expect' in act) return await shows(page, act.expect)
  const control = clickable(act.click)(await axTree(page.session))
  return control !== null && (await clickNode(page.session, page.world, control.node))
}

async function shows(page: Page, text: string): Promise<boolean> {
  const wanted = plain(text)
  if (page.dialog !== null) return plain(page.dialog).includes(wanted)
  const tree = await axTree(page.session)
  const written = tree.filter(({ role }) => role === 'StaticText').map(({ name }) => name)
  const found =
    tree.some(({ name }) => name.includes(wanted)) ||
    // One sentence may be made of several pieces.
    plain(written.join(' ')).includes(wanted)
  if (found) return true
  throw new Stopped(`the page does not show \`${text}\``)
}

/** Tries until it works. Throws what was last in the way. */
async function until(page: Page, ms: number, run: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + ms
  for (;;) {
    let why = 'it is switched off, hidden, moving or covered by something else'
    try {
      if (await run()) return
    } catch (error) {
      // What the page is at while it changes is no answer yet, whatever it is.
      why = error instanceof Error ? error.message : String(error)
    }
    if (page.gone || performance.now() > end) throw new Stopped(why)
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  }
}

/** What a step does, in words: `click button \`Undo\``. */
export function says(act: Act): string {
  if ('open' in act) return `open ${act.open}`
  if ('click' in act) return `click ${act.click.role ?? 'control'} \`${act.click.name}\``
  if ('fill' in act) return `fill \`${act.fill.label}\` with \`${act.fill.value}\``
  if ('choose' in act) return `choose \`${act.choose.value}\` in \`${act.choose.label}\``
  return 'press' in act ? `press ${act.press}` : `expect \`${act.expect}\``
}
