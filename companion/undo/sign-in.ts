import { type Params, textOf } from '#companion/gateway/cdp.ts'
import type { Pipe } from '#companion/gateway/pipe.ts'

/** What makes a cookie what it is. The rest that the browser tells of one (where it was set from, its
 * size) it does not always take back. */
const PARTS = [
  'name',
  'value',
  'domain',
  'path',
  'secure',
  'httpOnly',
  'sameSite',
  'expires',
  'priority',
  'partitionKey',
]

/** Gives a browser the cookies of one site, as CDP's `Storage.getCookies` tells them. One that it refuses
 * is left out: whether somebody is signed in shows on the page. */
export async function signIn(pipe: Pipe, host: string, cookies: readonly Params[]): Promise<void> {
  const own = cookies.filter(({ domain }) => isFor(host, textOf(domain) ?? ''))
  const given = own.map((cookie) =>
    Object.fromEntries(Object.entries(cookie).filter(([part]) => PARTS.includes(part))),
  )
  await Promise.allSettled(
    given.map((cookie) => pipe.call('Storage.setCookies', { cookies: [cookie] })),
  )
}

/** Cookies of the host, and those of a domain above it. */
function isFor(host: string, domain: string): boolean {
  const bare = domain.replace(/^\./, '')
  return host === bare || (domain.startsWith('.') && host.endsWith(`.${bare}`))
}
