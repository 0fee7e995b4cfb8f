import { browser } from '../browser.ts'
import type { createOutcomes } from './outcomes.ts'

/** Images, scripts and styles are left out: they mutate nothing worth a wake-up of the worker. */
const filter: Parameters<typeof browser.webRequest.onBeforeRequest.addListener>[1] = {
  urls: ['http://*/*', 'https://*/*'],
  types: ['main_frame', 'sub_frame', 'xmlhttprequest', 'other'],
}

/** Feeds the browser's requests to the outcomes. Only watches: nothing is blocked or changed here.
 * A redirect ends the request that was redirected, unless it repeats the method (307, 308). */
export function watchRequests(outcomes: ReturnType<typeof createOutcomes>): void {
  const { webRequest } = browser
  webRequest.onBeforeRequest.addListener((details) => {
    const { requestId: id, tabId: tab, frameId, type, method, url, timeStamp: at } = details
    if (tab >= 0) outcomes.began({ id, tab, frame: frameId, type, method, url, at })
    return undefined
  }, filter)
  webRequest.onBeforeRedirect.addListener(({ requestId, statusCode }) => {
    if (statusCode !== 307 && statusCode !== 308) outcomes.ended(requestId, { status: statusCode })
  }, filter)
  webRequest.onCompleted.addListener(
    ({ requestId, statusCode }) => outcomes.ended(requestId, { status: statusCode }),
    filter,
  )
  webRequest.onErrorOccurred.addListener(
    ({ requestId, error }) => outcomes.ended(requestId, { error }),
    filter,
  )
}
