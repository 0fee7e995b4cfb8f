import { FromCompanion, type FromWorker, type GateSettings } from '#shared/protocol/link.ts'
import { backoff } from './backoff.ts'
import type { Pairing } from './pairing.ts'

/** How long the companion may take to say hello, in ms. */
const HELLO_MS = 3000

/** The companion pings every 20 s, which also keeps the worker alive; this much silence is a loss. */
const SILENCE_MS = 50_000

interface LinkEnds {
  pairing(): Promise<Pairing | null>
  onMessage(message: FromCompanion): void
  /** The companion said hello or sent new settings. */
  onSettings(settings: GateSettings): void
  /** The link is down, or an attempt to open it failed. */
  onDown(): void
}

/** The worker's WebSocket to the companion. */
export interface CompanionLink {
  readonly settings: GateSettings | null
  /** False where the link is down; the message is then not sent and `connect` has been tried. */
  send(message: FromWorker): boolean
  /** Tries at once, whatever the backoff says. */
  connect(): void
  /** Closes and connects anew: the pairing has changed. */
  reset(): void
}

export function createCompanionLink(ends: LinkEnds): CompanionLink {
  let socket: WebSocket | null = null
  let settings: GateSettings | null = null
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let opening = false

  async function connect(): Promise<void> {
    if (socket || opening) return
    opening = true
    clearTimeout(timer)
    const pairing = await ends.pairing().finally(() => {
      opening = false
    })
    if (!pairing) return ends.onDown()
    const opened = openSocket(pairing)
    if (!opened) return ends.onDown()
    socket = opened
    expectWithin(HELLO_MS)
    opened.addEventListener('message', ({ data }) => {
      if (socket === opened) receive(data)
    })
    opened.addEventListener('close', () => down(opened))
  }

  function receive(data: unknown): void {
    const message = parse(data)
    if (!message) return
    expectWithin(SILENCE_MS)
    if (message.type === 'ping') {
      send({ type: 'pong' })
    } else if (message.type === 'hello' || message.type === 'settings') {
      failures = 0
      settings = message.settings
      ends.onSettings(message.settings)
    } else ends.onMessage(message)
  }

  /** Nothing from the companion for `ms` means that it is not there any more. */
  function expectWithin(ms: number): void {
    clearTimeout(timer)
    const watched = socket
    timer = setTimeout(() => {
      watched?.close()
      if (watched) down(watched)
    }, ms)
  }

  function down(closed: WebSocket): void {
    if (socket !== closed) return
    socket = null
    settings = null
    failures++
    clearTimeout(timer)
    timer = setTimeout(connectNow, backoff(failures))
    ends.onDown()
  }

  function send(message: FromWorker): boolean {
    if (socket?.readyState !== WebSocket.OPEN || (!settings && message.type !== 'pong')) {
      connectNow()
      return false
    }
    socket.send(JSON.stringify(message))
    return true
  }

  function connectNow(): void {
    connect().catch((error: unknown) => {
      console.warn('holdpoint: could not read the pairing', error)
      ends.onDown()
    })
  }

  return {
    get settings() {
      return settings
    },
    send,
    connect: connectNow,
    reset() {
      const old = socket
      socket = null
      settings = null
      failures = 0
      old?.close()
      connectNow()
    },
  }
}

function openSocket(pairing: Pairing): WebSocket | null {
  try {
    return new WebSocket(pairing.link, ['holdpoint.v1', `bearer.${pairing.token}`])
  } catch (error) {
    console.warn('holdpoint: the pairing has an address that cannot be opened, pair again', error)
    return null
  }
}

/** Null for what is not a message of the protocol: a newer companion may send kinds unknown here, and
 * nothing is ever released because of a message that was not understood. */
function parse(data: unknown): FromCompanion | null {
  if (typeof data !== 'string') return null
  try {
    const parsed = FromCompanion.safeParse(JSON.parse(data))
    if (!parsed.success) console.warn('holdpoint: not a message of the companion', parsed.error)
    return parsed.success ? parsed.data : null
  } catch (error) {
    console.warn('holdpoint: the companion sent something that is not JSON', error)
    return null
  }
}
