import { existsSync, readFileSync } from 'node:fs'
import { Problem } from '#shared/protocol/api.ts'
import type { CommonFlags } from './action.ts'
import { Failure } from './failure.ts'
import { filesOf, homeOf, readState } from './home.ts'

/** Browsers take seconds to start, and many more on a busy machine. */
const TIMEOUT_MS = 30_000

/** What is needed of a zod schema. */
interface Schema<T> {
  parse(value: unknown): T
}

export interface Client {
  home: string
  url: string
  /** Opens everything: never shown to an agent. */
  token: string
  call<T>(method: string, path: string, schema: Schema<T>, body?: unknown): Promise<T>
  /** Follows a stream of server-sent events; gives their names, and `open` first. Ends with the stream,
   * throws where it breaks off or does not come about. */
  follow(path: string, signal: AbortSignal): AsyncGenerator<string>
}

/** Talks to the companion that runs on this home folder, as its supervisor. Throws a Failure where
 * there is none. */
export function client(flags: CommonFlags): Client {
  const home = homeOf(flags.home)
  const { token: file } = filesOf(home)
  const url = readState(home)?.url
  if (!url || !existsSync(file))
    throw new Failure(
      'setUp',
      'not_running',
      `no companion is running on \`${home}\`; start one with \`holdpoint start\``,
    )
  const token = readFileSync(file, 'utf8').trim()
  return {
    home,
    url,
    token,
    call: (method, path, schema, body) => call(url, token, method, path, schema, body),
    follow: (path, signal) => follow(url, token, path, signal),
  }
}

async function call<T>(
  url: string,
  token: string,
  method: string,
  path: string,
  schema: Schema<T>,
  body: unknown,
): Promise<T> {
  const response = await reach(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'user-agent': 'holdpoint-cli',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const answer: unknown = response.status === 204 ? null : await response.json()
  if (response.ok) return schema.parse(answer)
  throw failureOf(response.status, answer)
}

async function* follow(
  url: string,
  token: string,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const headers = { authorization: `Bearer ${token}`, 'user-agent': 'holdpoint-cli' }
  const response = await reach(`${url}${path}`, { headers, signal })
  if (!response.ok || !response.body) throw failureOf(response.status, await response.json())
  yield 'open'
  const decoder = new TextDecoder()
  let line = ''
  for await (const chunk of response.body) {
    const lines = (line + decoder.decode(chunk, { stream: true })).split('\n')
    line = lines.pop() ?? ''
    for (const whole of lines) if (whole.startsWith('event: ')) yield whole.slice(7).trim()
  }
}

function failureOf(status: number, answer: unknown): Failure {
  const problem = Problem.safeParse(answer)
  const { code, detail, title } = problem.success
    ? problem.data
    : { code: 'internal', detail: `the companion answered ${status}`, title: '' }
  return new Failure('failedCheck', code, detail ?? title)
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      throw new Failure(
        'timedOut',
        'timed_out',
        `the companion did not answer within ${TIMEOUT_MS / 1000} s`,
      )
    throw new Failure(
      'setUp',
      'not_running',
      'the companion cannot be reached; start it with `holdpoint start`',
    )
  }
}
