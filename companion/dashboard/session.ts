const KEY = 'holdpoint-token'

/** The supervisor's token: from `#token=…` when the page was opened by its link, else from this
 * tab's session. It is taken out of the address bar at once, so that it is neither bookmarked,
 * shared nor left in the history. */
export function takeToken(): string | null {
  const given = /(?:^#|&)token=([^&]+)/.exec(location.hash)?.[1]
  if (given === undefined) return sessionStorage.getItem(KEY)
  const token = decoded(given)
  history.replaceState(null, '', `${location.pathname}${location.search}`)
  keepToken(token)
  return token
}

/** Keeps the token for reloads of this tab; it never goes to local storage or a cookie, which other
 * tabs and, for cookies, other ports would see. */
export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token)
}

export function dropToken(): void {
  sessionStorage.removeItem(KEY)
}

/** The token in what a person pasted: the bare token or the whole link. */
export function tokenIn(pasted: string): string {
  const text = pasted.trim()
  return decoded(/[#&]token=([^&\s]+)/.exec(text)?.[1] ?? text)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray percent sign: then it was not encoded in the first place.
    return text
  }
}
