import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { type CdpProblem, type Params, paramsOf, textOf } from '#companion/gateway/cdp.ts'

export interface RawMessage {
  id?: number
  method?: string
  params?: Params
  result?: Params
  error?: CdpProblem
  sessionId?: string
}

/** An agent that speaks the protocol by hand, and keeps everything it is told. */
export class RawAgent {
  readonly messages: RawMessage[] = []
  readonly closed: Promise<number>
  readonly #socket: WebSocket
  readonly #waiting = new Set<() => void>()
  readonly #listeners = new Set<(message: RawMessage) => void>()
  #last = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data) => {
      const message: RawMessage = JSON.parse(String(data))
      this.messages.push(message)
      for (const listener of this.#listeners) listener(message)
      for (const wake of [...this.#waiting]) wake()
    })
    this.closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)))
  }

  static async connect(url: string, headers: Record<string, string> = {}): Promise<RawAgent> {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false })
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve())
      socket.once('error', reject)
    })
    return new RawAgent(socket)
  }

  sendText(text: string): void {
    this.#socket.send(text)
  }

  /** Sends a command and says which number it has. */
  send(method: string, params: Params = {}, sessionId?: string): number {
    const id = ++this.#last
    this.sendText(JSON.stringify({ id, method, params, sessionId }))
    return id
  }

  onMessage(listener: (message: RawMessage) => void): void {
    this.#listeners.add(listener)
  }

  /** The whole answer, error or not. */
  async ask(method: string, params: Params = {}, sessionId?: string): Promise<RawMessage> {
    const id = this.send(method, params, sessionId)
    return await this.message((message) => message.id === id)
  }

  /** The result; throws on an error. */
  async call(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    const { result, error } = await this.ask(method, params, sessionId)
    if (error) throw new Error(`${method}: ${error.message}`)
    return paramsOf(result)
  }

  /** What a script in the page comes to. */
  async evaluate(expression: string, sessionId: string | undefined): Promise<unknown> {
    const params = { expression, returnByValue: true, awaitPromise: true, userGesture: true }
    return paramsOf((await this.call('Runtime.evaluate', params, sessionId)).result).value
  }

  event(method: string, fits: (params: Params) => boolean = () => true): Promise<RawMessage> {
    return this.message((m) => m.method === method && fits(paramsOf(m.params)))
  }

  /** The first message that fits, now or when it comes. Rejects after ten seconds. */
  async message(fits: (message: RawMessage) => boolean): Promise<RawMessage> {
    const until = Date.now() + 10_000
    for (;;) {
      const found = this.messages.find(fits)
      if (found) return found
      if (Date.now() > until) throw new Error('no such message came')
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake)
          resolve()
        }
        this.#waiting.add(wake)
        pause(200).then(wake)
      })
    }
  }

  /** Attaches to a page and says which session that is. */
  async attach(targetId: string): Promise<string> {
    const params = { targetId, flatten: true }
    return textOf((await this.call('Target.attachToTarget', params)).sessionId) ?? ''
  }

  /** Opens a page and attaches to it. */
  async open(url: string, more: Params = {}): Promise<{ targetId: string; session: string }> {
    const created = await this.call('Target.createTarget', { url, ...more })
    const targetId = textOf(created.targetId) ?? ''
    return { targetId, session: await this.attach(targetId) }
  }

  async targets(): Promise<{ id: string; type: string; url: string }[]> {
    const { targetInfos } = await this.call('Target.getTargets')
    if (!Array.isArray(targetInfos)) return []
    return targetInfos.map(paramsOf).map((info) => ({
      id: textOf(info.targetId) ?? '',
      type: textOf(info.type) ?? '',
      url: textOf(info.url) ?? '',
    }))
  }

  end(): void {
    this.#socket.terminate()
  }
}
