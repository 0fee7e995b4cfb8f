import { browser } from '../browser.ts'

const DONE = 'early-pages'

/** Opens the pairing page again that the browser was started with. `chromium --load-extension=… URL`
 * opens its pages before the extension is there, so that ours ends as an error page. A page that did
 * load has taken the code out of its address; and only the first start of the worker in a browser
 * session looks, since what is opened later loads by itself. */
export async function reopenEarlyPages(): Promise<void> {
  const kept = await browser.storage.session.get(DONE)
  if (kept[DONE]) return
  await browser.storage.session.set({ [DONE]: true })
  const unread = browser.runtime.getURL('/pair.html#companion=')
  for (const tab of await browser.tabs.query({})) {
    const { id, url, status } = tab
    if (id === undefined || status !== 'complete' || !url?.startsWith(unread)) continue
    await browser.tabs.update(id, { url })
  }
}
