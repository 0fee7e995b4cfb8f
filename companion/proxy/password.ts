import { createHash, timingSafeEqual } from 'node:crypto'

/** The name that goes with the password; it says nothing. */
export const USER = 'holdpoint'

/** Where a browser is sent that is to learn the password: the proxy answers it itself, with nothing, to
 * whoever has the password. No such host can be (RFC 6761, section 6.4). */
export const HELLO = 'http://hello.holdpoint.invalid/'

/** What a proxy answers that wants to know who asks (RFC 9110, section 11.7). */
export const CHALLENGE = 'Basic realm="Holdpoint"'

/** Knows whether a `Proxy-Authorization` header is the browser's. Without a password everybody is let
 * through whose connection is this user's (`peer.ts`). */
export function doorman(password: string | undefined): (header: string | undefined) => boolean {
  if (password === undefined) return () => true
  const right = digest(`Basic ${Buffer.from(`${USER}:${password}`, 'utf8').toString('base64')}`)
  return (header) => header !== undefined && timingSafeEqual(digest(header), right)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
