import type { Pipe } from './pipe.ts'
import type { Targets } from './targets.ts'

/** Sends a page that was opened blank to its address, once it runs. Chromium starts to load the address
 * of a new page at once, also where sessions wait for the page (measured on Chromium 156), so none is
 * opened with one. Resolves when the navigation has begun, or the page has ended. */
export async function goWhenRunning(
  pipe: Pipe,
  targets: Targets,
  targetId: string,
  url: string,
): Promise<void> {
  const target = await targets.running(targetId)
  if (target) await pipe.call('Page.navigate', { url }, target.session.id)
}
