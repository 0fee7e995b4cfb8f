import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findBrowser } from '../browser/find-browser.ts'
import type { Context } from '../core/context.ts'
import type { RunBoard } from '../core/run-board.ts'
import type { Services } from '../server/services.ts'
import { runRecipe } from '../undo/run-recipe.ts'
import { undoEntry } from '../undo/undo-entry.ts'

type Undo = NonNullable<Services['undo']>

/** How long an undo may take, in ms: a person waits for it. */
const UNDO_MS = 60_000

/** Takes actions back in a browser with a profile of its own, one after the other. It is signed in
 * wherever the browser is in which the action was done, as long as that is open. */
export function undoer(context: Context, runs: RunBoard, home: string): Undo {
  const profile = join(home, 'undo-profile')
  let turn: Promise<unknown> = Promise.resolve()
  return (id, by) => {
    const found = findBrowser()
    if (!found.ok) {
      const error = { code: 'no_browser', message: found.error.message }
      return Promise.resolve({ ok: false, error, did: [] })
    }
    const { browser } = found
    const undone = turn.then(() =>
      undoEntry(
        {
          context,
          run: async (recipe, run) => {
            mkdirSync(profile, { recursive: true, mode: 0o700 })
            const cookies = run === null ? [] : await runs.cookies(run).catch(() => [])
            const options = { browser, profile, headless: true, totalMs: UNDO_MS }
            return await runRecipe(recipe, { ...options, cookies })
          },
        },
        id,
        by,
      ),
    )
    turn = undone.catch(() => undefined) // whoever asked for it hears of it
    return undone
  }
}
