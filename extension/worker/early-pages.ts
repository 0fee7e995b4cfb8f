import { browser } from '../browser.ts'

const DONE = 'early-pages'

/** Opens the pairing page again that the browser was started with. `chromium --load-extension=… URL`
 * opens its pages before the extension is there, so that ours ends as an error page. Only the first
 * start of the worker in a browser session looks, since what is opened later loads by itself. */
export async function reopenEarlyPages(): Promise<void> {
  const kept = await browser.storage.session.get(DONE)
  if (kept[DONE]) return
  await browser.storage.session.set({ [DONE]: true })
  for (const { id, url } of await browser.tabs.query({}))
    if (id !== undefined && isUnread(url)) await reopen(id)
}

/** A pairing page that did load has taken the code out of its address. */
function isUnread(url: string | undefined): url is string {
  return url?.startsWith(browser.runtime.getURL('/pair.html#companion=')) ?? false
}

async function reopen(id: number): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const { url, status } = await browser.tabs.get(id)
    if (!isUnread(url)) return
    if (status === 'complete') {
      await browser.tabs.update(id, { url })
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
