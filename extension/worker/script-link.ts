import { browser } from '../browser.ts'
import type { Frame } from './frames.ts'

/** Clicks the link that the gate has marked, in the page's own world: a `javascript:` link clicked
 * from the isolated world does nothing. The gate lets exactly this click on exactly this link go. */
export async function clickScriptLink(frame: Frame, mark: string): Promise<void> {
  await browser.scripting.executeScript({
    target: { tabId: frame.tab, frameIds: [frame.frame] },
    world: 'MAIN',
    args: [mark],
    func: clickMarked,
  })
}

/** Runs in the page, so it can use nothing from outside its own body. */
function clickMarked(mark: string): void {
  const link = document.querySelector(`[data-holdpoint-release="${mark}"]`)
  link?.removeAttribute('data-holdpoint-release')
  if (link instanceof HTMLElement) link.click()
}
