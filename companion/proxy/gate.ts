/** What the proxy holds: it has no opinion of its own beyond "this one needs a yes". */
export interface Unstamped {
  readonly kind: 'request' | 'websocket' | 'frame'
  /** `GET` for a WebSocket and its frames. */
  readonly method: string
  /** Absolute, without fragment; `ws:` or `wss:` for a WebSocket and its frames. */
  readonly url: string
  /** Names in lower case, values of one name joined. For a frame: those of its WebSocket. */
  readonly headers: Readonly<Record<string, string>>
  /** As it would go out, undecoded. Null where it is larger than `BODY_LIMIT`: uninspectable. */
  readonly body: Uint8Array | null
  /** The frame, where it is a text frame within the limit. */
  readonly text?: string
}

/** A refused request is answered with `status`: 204 keeps a page and what was typed into it where a
 * navigation was refused; every other status carries `reason` as a problem document. */
export type Judged = { go: true } | { go: false; status: number; reason: string }

/** What the proxy asks the gateway. */
export interface ProxyGate {
  /** Name of the header that carries a stamp, in lower case. It never reaches a server. */
  readonly stampHeader: string
  /** True where the stamp is known, unspent and made for this request; it is spent by that. */
  spend(stamp: string, method: string, url: string): boolean
  /** GET addresses that the policy lists as having side effects. */
  sideEffects(url: string): boolean
  /** The companion's own addresses: they are refused and told to `forged`. */
  own(url: string): boolean
  forged(url: string): void
  /** Decides a request that changes something, a flagged GET, a WebSocket or an outgoing frame of one,
   * which came without a stamp. It stays held until this resolves; a rejection refuses it. `signal`
   * aborts when the browser has given the request up: it is not sent any more. */
  judge(request: Unstamped, signal: AbortSignal): Promise<Judged>
}

/** Largest body, in bytes, that is read for a decision. What is larger is held unread. */
export const BODY_LIMIT = 10 * 1024 * 1024
