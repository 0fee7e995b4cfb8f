import { Problem } from '#shared/protocol/api.ts'

/** Anything with zod's `safeParse`. */
export interface Shape<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false }
}

/** `unreachable` and `not_understood` are the client's own codes; others come from the companion. */
export interface Failure {
  code: string
  message: string
  status: number
}
export type Result<T> = { ok: true; value: T } | { ok: false; error: Failure }

/** Calls the companion that served this page, with the supervisor's token. */
export interface Client {
  get<T>(path: string, shape: Shape<T>): Promise<Result<T>>
  /** Gives up after `patience` ms, 15 s without. */
  send<T>(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: unknown,
    shape: Shape<T>,
    patience?: number,
  ): Promise<Result<T>>
  /** The open response of a stream; null where the companion cannot be reached or refuses. */
  stream(
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Response | null>
}

export function client(token: string): Client {
  const authorization = `Bearer ${token}`
  return {
    get: (path, shape) => call(path, { headers: { authorization } }, shape),
    send: (method, path, body, shape, patience) =>
      call(
        path,
        {
          method,
          headers: {
            authorization,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        },
        shape,
        patience,
      ),
    async stream(path, headers, signal) {
      try {
        const response = await fetch(path, { headers: { ...headers, authorization }, signal })
        return response.ok ? response : null
      } catch {
        // Unreachable: the caller shows that and tries again.
        return null
      }
    },
  }
}

/** For answers whose body nobody reads. */
export const ANYTHING: Shape<null> = { safeParse: () => ({ success: true, data: null }) }

async function call<T>(
  path: string,
  init: RequestInit,
  shape: Shape<T>,
  patience = 15_000,
): Promise<Result<T>> {
  let status = 0
  let body: unknown
  try {
    const response = await fetch(path, { ...init, signal: AbortSignal.timeout(patience) })
    status = response.status
    const text = await response.text()
    body = text === '' ? undefined : JSON.parse(text)
  } catch {
    if (status === 0) return failure('unreachable', 'cannot reach the companion', 0)
    body = undefined
  }
  if (status >= 400) {
    const problem = Problem.safeParse(body)
    if (!problem.success) return failure('failed', `the companion answered ${status}`, status)
    return failure(problem.data.code, problem.data.detail ?? problem.data.title, status)
  }
  const parsed = shape.safeParse(body)
  if (parsed.success) return { ok: true, value: parsed.data }
  return failure(
    'not_understood',
    'the companion answered in a form this page does not know; reload the page',
    status,
  )
}

function failure(code: string, message: string, status: number): { ok: false; error: Failure } {
  return { ok: false, error: { code, message, status } }
}
