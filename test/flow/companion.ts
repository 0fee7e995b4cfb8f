import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import {
  type Companion,
  type StartOptions,
  startCompanion,
} from '#companion/commands/start-companion.ts'
import { Paired } from '#shared/protocol/api.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { EXTENSION_ID } from '#shared/protocol/extension-id.ts'
import { type Answer, FromCompanion, type FromWorker } from '#shared/protocol/link.ts'

export const extensionOrigin = `chrome-extension://${EXTENSION_ID}`

/** A home folder that is gone when the test is over, with a policy where one is given. */
export function newHome(policy?: string): string {
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-flow-'))
  if (policy !== undefined) writeFileSync(join(home, 'holdpoint.yaml'), policy)
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return home
}

/** A companion on any free port, stopped when the test is over. */
export async function companion(options: Partial<StartOptions> & { policyText?: string } = {}) {
  const { policyText, ...rest } = options
  const home = options.home ?? newHome(policyText)
  const started = await startCompanion({ report: () => undefined, ...rest, home, port: 0 })
  onTestFinished(() => started.stop())
  return started
}

/** A request as the supervisor, or as whoever `headers` say. */
export async function call(
  target: Pick<Companion, 'url' | 'token'>,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${target.token}` },
): Promise<{ status: number; body: unknown; type: string }> {
  const response = await fetch(`${target.url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  return { status: response.status, body: /json/.test(type) ? JSON.parse(text) : text, type }
}

/** The extension's end of the link. */
export class Worker {
  readonly messages: FromCompanion[] = []
  readonly socket: WebSocket
  #waiting: (() => void)[] = []
  #last = 0

  constructor(link: string, token: string, origin = extensionOrigin) {
    this.socket = new WebSocket(link, ['holdpoint.v1', `bearer.${token}`], { origin })
    this.socket.on('message', (data) => {
      this.messages.push(FromCompanion.parse(JSON.parse(String(data))))
      for (const wake of this.#waiting.splice(0)) wake()
    })
  }

  /** The first message from index `from` that `wanted` accepts, now or when it comes. */
  async message<T extends FromCompanion>(
    wanted: (message: FromCompanion) => message is T,
    from = 0,
  ): Promise<T> {
    for (;;) {
      const found = this.messages.slice(from).find(wanted)
      if (found) return found
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  send(message: FromWorker): void {
    this.socket.send(JSON.stringify(message))
  }

  /** Sends a message and waits for its answer. */
  async answer(message: Exclude<FromWorker, { type: 'pong' }>): Promise<Answer> {
    const from = this.messages.length
    this.send(message)
    const isAnswer = (m: FromCompanion): m is Extract<FromCompanion, { type: 'answer' }> =>
      m.type === 'answer' && m.id === message.id
    return (await this.message(isAnswer, from)).answer
  }

  ask(descriptor: Descriptor, id = `r${++this.#last}`): Promise<Answer> {
    return this.answer({ type: 'ask', id, descriptor, place: { tab: 1, frame: 0 } })
  }

  decided(hold: string, from = 0) {
    const isDecided = (m: FromCompanion): m is Extract<FromCompanion, { type: 'decided' }> =>
      m.type === 'decided' && m.hold === hold
    return this.message(isDecided, from)
  }

  closed(): Promise<number> {
    return new Promise((resolve) => this.socket.once('close', (code) => resolve(code)))
  }
}

/** Pairs a browser and connects it. */
export async function worker(target: Companion): Promise<Worker & { token: string }> {
  const paired = await pairBrowser(target)
  return Object.assign(await connect(paired.link, paired.token), { token: paired.token })
}

export async function pairBrowser(target: Companion): Promise<Paired> {
  const { code } = target.pair()
  const origin = { origin: extensionOrigin }
  const answer = await call(target, 'POST', '/v1/pair', { code, name: 'Chromium' }, origin)
  return Paired.parse(answer.body)
}

/** Connects with a token, and waits for the greeting. */
export async function connect(link: string, token: string): Promise<Worker> {
  const line = new Worker(link, token)
  onTestFinished(() => line.socket.terminate())
  await line.message((m): m is Extract<FromCompanion, { type: 'hello' }> => m.type === 'hello')
  return line
}

/** A click on a mail's Send button: held by the default policy. */
export function sendClick(more: Partial<Descriptor> = {}): Descriptor {
  return {
    door: 'extension',
    provenance: 'unknown',
    gesture: 'click',
    page: { url: 'https://mail.example.com/compose', title: 'Compose', top: true },
    target: {
      ...{ role: 'button', name: 'Send', tag: 'button', type: 'submit', path: 'form > button' },
      hints: [],
    },
    form: {
      method: 'post',
      action: 'https://mail.example.com/send',
      fields: [{ label: 'To', name: 'to', type: 'email', value: 'ann@example.com', secret: false }],
    },
    terms: { amounts: [], recipients: ['ann@example.com'], rows: null },
    ...more,
  }
}

/** The same mail to somebody else. */
export function sendTo(recipient: string): Descriptor {
  const click = sendClick()
  const fields = (click.form?.fields ?? []).map((field) => ({ ...field, value: recipient }))
  return {
    ...click,
    ...(click.form ? { form: { ...click.form, fields } } : {}),
    terms: { ...click.terms, recipients: [recipient] },
  }
}
