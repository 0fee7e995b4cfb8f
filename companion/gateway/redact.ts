import type { Params } from './cdp.ts'
import { flatNodesOf, markupOf, nodesOf, oldSnapshotOf, snapshotOf } from './redact/passwords.ts'
import { cookiesOf, trafficOf } from './redact/traffic.ts'
import { STAMP_HEADER } from './stamp.ts'

/** What an agent is shown of what the browser says.
 *
 * What this promises: cookies that scripts of the page cannot read do not reach the agent by the
 * protocol, neither as cookies nor in headers, and neither do the usual headers with credentials; so an
 * HTTP client of the agent's own has no session of the user's. What it does not: an agent may run
 * scripts in the page, and so reads what those can read: tokens in `localStorage`, other cookies, a
 * field's value, what the page itself was answered. Passwords are redacted where the protocol says which
 * field is one, to keep them out of transcripts, not from an agent that is after them. The
 * accessibility tree needs nothing: Chromium 156 masks them in it. */
export type Redact = (shown: Params) => Params

/** How the answer to a method is redacted; null where the answer can be passed on unread. The object
 * that is given in is left as it is. */
export function redactor(method: string): Redact | null {
  return ANSWERS.get(method) ?? null
}

/** The same for an event's parameters. */
export function redactEvent(method: string): Redact | null {
  return EVENTS.get(method) ?? null
}

/** Whether a message that has a redactor can have anything to redact, by its text as the browser sent
 * it; most have nothing, and need not be parsed. Chromium escapes no letters, so a word is found. */
export function mayHoldSecret(raw: string): boolean {
  // Four times as fast as a regular expression that ignores case.
  const text = raw.toLowerCase()
  return WORDS.some((word) => text.includes(word))
}

/** Every secret header's name, every field of cookies and the type of a password field have one. */
const WORDS = [
  'cookie',
  'authorization',
  'password',
  'secure-session-',
  'x-access-token',
  'x-api-key',
  'x-auth-token',
  STAMP_HEADER,
]

const ANSWERS: ReadonlyMap<string, Redact> = new Map([
  ['DOM.describeNode', nodesOf],
  ['DOM.getDocument', nodesOf],
  ['DOM.getFlattenedDocument', flatNodesOf],
  ['DOM.getOuterHTML', markupOf],
  ['DOMSnapshot.captureSnapshot', snapshotOf],
  ['DOMSnapshot.getSnapshot', oldSnapshotOf],
  ['Network.getAllCookies', cookiesOf],
  ['Network.getCookies', cookiesOf],
  ['Page.getCookies', cookiesOf],
  ['Storage.getCookies', cookiesOf],
])

const EVENTS: ReadonlyMap<string, Redact> = new Map([
  ['Audits.issueAdded', trafficOf],
  ['DOM.childNodeInserted', nodesOf],
  ['DOM.setChildNodes', nodesOf],
  ['Fetch.authRequired', trafficOf],
  ['Fetch.requestPaused', trafficOf],
  ['Network.requestWillBeSent', trafficOf],
  ['Network.requestWillBeSentExtraInfo', trafficOf],
  ['Network.responseReceived', trafficOf],
  ['Network.responseReceivedEarlyHints', trafficOf],
  ['Network.responseReceivedExtraInfo', trafficOf],
  ['Network.signedExchangeReceived', trafficOf],
  ['Network.webSocketHandshakeResponseReceived', trafficOf],
  ['Network.webSocketWillSendHandshakeRequest', trafficOf],
])
