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
