import type { Role, TokenInfo } from '#shared/protocol/access.ts'
import { type Asker, type Context, durably, isoNow } from './context.ts'
import type { Result } from './hold.ts'
import type { Pairing, Token } from './ports.ts'
import { isSecret, secretHash } from './ticket.ts'

/** A pairing code is good for this long, ... */
export const CODE_LIFE_MS = 5 * 60_000

/** ... and dies after this many wrong guesses. */
export const CODE_TRIES = 5

/** Most codes that are good at the same time. */
const CODES = 5

/** Who holds a token, as the rest of the companion sees them. */
export interface Caller extends Asker {
  name: string
  role: Role
  /** Where a paired browser's requests come from. */
  origin: string | null
}

/** Tokens and pairing codes. A token is `<id>.<secret>`; only the hash of the secret is kept. Codes
 * live in memory: a restart ends them. */
export class Access {
  readonly #context: Context
  readonly #tokens = new Map<string, Token>()
  readonly #pairings = new Map<string, Pairing>()
  readonly #codes = new Map<string, { until: number; tries: number }>()

  #closed = false

  private constructor(context: Context) {
    this.#context = context
  }

  static async open(context: Context): Promise<Access> {
    const access = new Access(context)
    for (const token of await context.store.tokens()) access.#tokens.set(token.id, token)
    for (const pairing of await context.store.pairings())
      access.#pairings.set(pairing.token, pairing)
    return access
  }

  /** Who a token belongs to; null where it is unknown, wrong or revoked. */
  caller(token: string): Caller | null {
    const dot = token.indexOf('.')
    const stored = this.#tokens.get(token.slice(0, dot))
    if (dot < 0 || !stored || stored.revokedAt !== null) return null
    if (!isSecret(token.slice(dot + 1), stored.hash)) return null
    const { id, name, role } = stored
    const origin = this.#pairings.get(id)?.origin ?? null
    return { id, name, role, origin, actor: actorOf(role, name) }
  }

  tokens(): TokenInfo[] {
    return [...this.#tokens.values()].map(infoOf)
  }

  pairings(): Pairing[] {
    return [...this.#pairings.values()].filter(
      ({ token }) => this.#tokens.get(token)?.revokedAt === null,
    )
  }

  /** A new token. Its secret is in the answer and nowhere else. */
  async issue(
    name: string,
    role: Role,
    by: string,
    origin: string | null = null,
  ): Promise<Result<{ token: string; info: TokenInfo }>> {
    const secret = this.#context.ids.secret()
    const at = isoNow(this.#context)
    const token: Token = {
      id: this.#context.ids.next('t'),
      name,
      role,
      hash: secretHash(secret),
      createdAt: at,
      revokedAt: null,
    }
    const pairing = origin && { token: token.id, name, origin, pairedAt: at, lastSeen: null }
    const done = await durably(this.#context, (tx) => {
      tx.putToken(token)
      if (pairing) tx.putPairing(pairing)
      const body = { change: 'token issued', token: token.id, name, role, origin }
      tx.append({ at, kind: 'paired', actor: by, hold: null, run: null, body })
    })
    if (!done.ok) return done
    this.#tokens.set(token.id, token)
    if (pairing) this.#pairings.set(token.id, pairing)
    return { ok: true, token: `${token.id}.${secret}`, info: infoOf(token) }
  }

  /** Ends a token. Not ending it in memory before the record is durable would be the other way to
   * fail: a token that should be gone must not live on because the disk is full. */
  async revoke(id: string, by: string): Promise<Result<{ info: TokenInfo }>> {
    const token = this.#tokens.get(id)
    if (!token)
      return { ok: false, error: { code: 'token_unknown', message: `no token \`${id}\`` } }
    const at = isoNow(this.#context)
    const revoked = { ...token, revokedAt: token.revokedAt ?? at }
    this.#tokens.set(id, revoked)
    if (token.revokedAt !== null) return { ok: true, info: infoOf(token) }
    const done = await durably(this.#context, (tx) => {
      tx.putToken(revoked)
      const body = { change: 'token revoked', token: id, name: token.name, role: token.role }
      tx.append({ at, kind: 'paired', actor: by, hold: null, run: null, body })
    })
    return done.ok ? { ok: true, info: infoOf(revoked) } : done
  }

  /** A fresh pairing code of six digits. */
  newCode(): { code: string; expiresAt: string } {
    this.#dropCodes()
    const [oldest] = this.#codes.keys()
    if (this.#codes.size >= CODES && oldest !== undefined) this.#codes.delete(oldest)
    let code = this.#context.ids.code()
    while (this.#codes.has(code)) code = this.#context.ids.code()
    this.#codes.set(code, {
      until: this.#context.clock.monotonic() + CODE_LIFE_MS,
      tries: CODE_TRIES,
    })
    const expiresAt = new Date(this.#context.clock.now() + CODE_LIFE_MS).toISOString()
    return { code, expiresAt }
  }

  /** Spends a pairing code. A wrong guess counts against every code that is good. */
  async pair(code: string, name: string, origin: string): Promise<Result<{ token: string }>> {
    this.#dropCodes()
    if (!this.#codes.delete(code)) {
      for (const good of this.#codes.values()) good.tries -= 1
      this.#dropCodes()
      const message =
        'the pairing code is wrong, used or too old; get a new one with `holdpoint pair`'
      return { ok: false, error: { code: 'code_wrong', message } }
    }
    return await this.issue(name, 'link', actorOf('link', name), origin)
  }

  /** Notes that a paired browser was there just now. Not audited: losing it harms nobody. */
  async seen(token: string): Promise<void> {
    const pairing = this.#pairings.get(token)
    if (!pairing || this.#closed) return
    const now = { ...pairing, lastSeen: isoNow(this.#context) }
    this.#pairings.set(token, now)
    await durably(this.#context, (tx) => tx.putPairing(now))
  }

  /** Notes the browsers that are there until now, and nobody from then on: the store is about to
   * close. */
  async close(present: readonly string[]): Promise<void> {
    const noted = present.map((token) => this.seen(token))
    this.#closed = true
    await Promise.all(noted)
  }

  #dropCodes(): void {
    const now = this.#context.clock.monotonic()
    for (const [code, { until, tries }] of this.#codes)
      if (now >= until || tries <= 0) this.#codes.delete(code)
  }
}

/** The name under which the log knows the bearer of a token. */
function actorOf(role: Role, name: string): string {
  return { supervisor: 'supervisor', link: `extension:${name}`, agent: `agent:${name}` }[role]
}

function infoOf({ id, name, role, createdAt, revokedAt }: Token): TokenInfo {
  return { id, name, role, createdAt, revokedAt }
}
