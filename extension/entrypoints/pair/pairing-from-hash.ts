/** What a pairing needs: the companion's address and the six digits it shows. */
export interface PairingRequest {
  companion: string
  code: string
}

/** Reads `#companion=URL&code=CODE`. Null unless both are there; `code` is not checked any further. */
export function pairingFromHash(hash: string): PairingRequest | null {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const companion = companionOrigin(given.get('companion') ?? '')
  const code = given.get('code') ?? ''
  return companion && code ? { companion, code } : null
}

/** The origin of an address as a person types it (`127.0.0.1:4777`), or null where it is none. Plain
 * HTTP is for this computer only: the token would travel in the clear. */
export function companionOrigin(text: string): string | null {
  const typed = text.trim()
  const address = /^https?:\/\//i.test(typed) ? typed : `http://${typed}`
  if (typed === '' || !URL.canParse(address)) return null
  const { protocol, hostname, origin } = new URL(address)
  const local = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(hostname)
  return protocol === 'https:' || local ? origin : null
}
