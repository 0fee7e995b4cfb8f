/** Where Chromium itself reports and asks: the first four were seen from Chromium 156 within its first
 * minute, the others are where its safe browsing, device check-in and reliability reports go. A browser without an account or Google's keys needs
 * none of it. No page can be told from the browser there (a page may post to any address), so such a
 * request is refused without troubling anybody, unless the gateway has stamped it. */
const OWN: readonly { host: string; path: string }[] = [
  { host: 'update.googleapis.com', path: '/service/update2' },
  { host: 'accounts.google.com', path: '/ListAccounts' },
  { host: 'optimizationguide-pa.googleapis.com', path: '/' },
  { host: 'content-autofill.googleapis.com', path: '/' },
  { host: 'safebrowsing.googleapis.com', path: '/' },
  { host: 'sb-ssl.google.com', path: '/safebrowsing' },
  { host: 'android.clients.google.com', path: '/checkin' },
  { host: 'android.clients.google.com', path: '/c2dm' },
  { host: 'beacons.gcp.gvt2.com', path: '/domainreliability' },
]

/** Whether an address is one of the browser's own. */
export function isBrowsersOwn(url: string): boolean {
  const { hostname, pathname } = new URL(url)
  return OWN.some(({ host, path }) => hostname === host && pathname.startsWith(path))
}
