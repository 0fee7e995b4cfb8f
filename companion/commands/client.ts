import { existsSync, readFileSync } from 'node:fs'
import { Problem } from '#shared/protocol/api.ts'
import type { CommonFlags } from './action.ts'
import { Failure } from './failure.ts'
import { filesOf, homeOf, readState } from './home.ts'

/** What is needed of a zod schema. */
interface Schema<T> {
  parse(value: unknown): T
}

export interface Client {
  home: string
  url: string
  call<T>(method: string, path: string, schema: Schema<T>, body?: unknown): Promise<T>
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
    call: (method, path, schema, body) => call(url, token, method, path, schema, body),
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
    signal: AbortSignal.timeout(30_000),
  })
  const answer: unknown = await response.json()
  if (response.ok) return schema.parse(answer)
  const problem = Problem.safeParse(answer)
  const { code, detail, title } = problem.success
    ? problem.data
    : { code: 'internal', detail: `the companion answered ${response.status}`, title: '' }
  throw new Failure('failedCheck', code, detail ?? title)
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      throw new Failure('timedOut', 'timed_out', 'the companion did not answer within 30 s')
    throw new Failure(
      'setUp',
      'not_running',
      'the companion cannot be reached; start it with `holdpoint start`',
    )
  }
}
