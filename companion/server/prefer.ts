/** Longest time that an answer is kept waiting for, in seconds. */
export const LONGEST_WAIT_S = 60

/** Seconds that the client would wait (`Prefer: wait=20`, RFC 7240), at most `LONGEST_WAIT_S`; 0 where
 * it asks for none. What else the header prefers, or says wrongly, is not honoured, as a preference
 * may be. */
export function waitOf(header: string | undefined): number {
  for (const preference of (header ?? '').split(',')) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;|$)/i.exec(preference) ?? []
    // Of two the first counts (RFC 7240, section 2).
    if (seconds !== undefined) return Math.min(Number(seconds), LONGEST_WAIT_S)
  }
  return 0
}
