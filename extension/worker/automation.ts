import { browser } from '../browser.ts'

/** True while a debugger (an agent over CDP, or the developer tools) is attached to the tab, false
 * where none is, null where this build or browser cannot tell. */
export async function automated(tab: number): Promise<boolean | null> {
  if (!__SUPERVISED__ || !browser.debugger) return null
  try {
    const targets = await browser.debugger.getTargets()
    return targets.some((target) => target.tabId === tab && target.attached)
  } catch (error) {
    console.warn(
      'holdpoint: cannot tell whether automation is attached, so it counts as it is',
      error,
    )
    return true
  }
}

/** How long an attached debugger is taken to be still there, in ms. */
const LATELY_MS = 1000

const lastSeen = new Map<number, number>()

/** As `automated`, to tell whose input it was, and at once where a debugger was there a moment ago:
 * asking the browser takes as long as the companion's decision, and an agent acts many times a second.
 * What is believed too long is that it was the agent, which policies trust less. */
export async function automatedLately(tab: number): Promise<boolean | null> {
  const at = lastSeen.get(tab)
  if (at !== undefined && performance.now() - at < LATELY_MS) return true
  const automation = await automated(tab)
  if (automation) lastSeen.set(tab, performance.now())
  else lastSeen.delete(tab)
  return automation
}
