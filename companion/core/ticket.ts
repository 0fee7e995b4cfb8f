import { hash, timingSafeEqual } from 'node:crypto'

/** How long an approval may wait to be redeemed: an approval that nobody took up does not lie around. */
export const TICKET_LIFE_MS = 2 * 60_000

/** SHA-256 of a secret, in hex: the only form in which tickets and tokens are stored. */
export function secretHash(secret: string): string {
  return hash('sha256', secret)
}

/** A ticket as it is stored, good from `now` (ms since the epoch). */
export function newTicket(secret: string, now: number): { hash: string; until: number } {
  return { hash: secretHash(secret), until: now + TICKET_LIFE_MS }
}

/** Whether `secret` is the one stored as `expected`, in time that does not depend on where they differ. */
export function isSecret(secret: string, expected: string): boolean {
  const given = Buffer.from(secretHash(secret), 'hex')
  const stored = Buffer.from(expected, 'hex')
  return given.length === stored.length && timingSafeEqual(given, stored)
}
