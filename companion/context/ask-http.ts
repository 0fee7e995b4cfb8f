import { fillAddress, valuesOf } from '#shared/policy/fill-template.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { unknownValue } from './unknown-value.ts'

/** Largest answer, in bytes. */
const SIZE_LIMIT = 65_536

const REDIRECT_LIMIT = 3

export interface HttpProvider {
  readonly http: string
  readonly auth?: string | undefined
}

/** Asks for facts over HTTP. Rejects on anything but a JSON answer of status 200 from the server that
 * the policy names. */
export async function askHttp(
  url: URL,
  token: string | null,
  signal: AbortSignal,
  send: typeof fetch,
): Promise<unknown> {
  let to = url
  for (let hops = 0; hops <= REDIRECT_LIMIT; hops++) {
    const response = await send(to, {
      headers: {
        accept: 'application/json',
        'user-agent': 'holdpoint',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      redirect: 'manual',
      signal,
    })
    const next = redirect(response, to)
    if (next === null) return await json(response)
    await response.body?.cancel()
    if (next.origin !== url.origin)
      throw new Error(`it redirects to another origin, \`${next.origin}\``)
    to = next
  }
  throw new Error(`it redirects more than ${REDIRECT_LIMIT} times`)
}

/** The address to ask for one action, and nothing but values in it that are the action's. */
export function addressOf({ http }: HttpProvider, d: Descriptor): URL {
  const filled = fillAddress(http, valuesOf(d))
  if (!filled.ok) throw unknownValue(filled.unknown)
  const url = new URL(filled.text)
  const shape = new URL(http.replace(/\{[^{}]*\}/g, 'x'))
  const same = url.origin === shape.origin && depth(url) === depth(shape)
  // A value of dots would climb out of the path that the policy names.
  if (!same) throw new Error('a value of the action would change what is asked, as `..` does')
  return url
}

function depth({ pathname }: URL): number {
  return pathname.split('/').length
}

/** What a provider shows to be let in: `env:NAME` names an environment variable. */
export function tokenOf(
  { auth }: HttpProvider,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  if (auth === undefined) return null
  const [, name] = /^env:([A-Za-z_]\w*)$/.exec(auth) ?? []
  if (name === undefined)
    throw new Error('`auth` has to be `env:NAME`, the name of an environment variable')
  const token = env[name]
  if (!token) throw new Error(`the environment variable \`${name}\` is not set`)
  return token
}

function redirect({ status, headers }: Response, from: URL): URL | null {
  const location = headers.get('location')
  return status >= 300 && status < 400 && location !== null ? new URL(location, from) : null
}

async function json(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? 'no content type'
  const wrong =
    response.status !== 200
      ? `it answered ${response.status}`
      : /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)
        ? null
        : `it answered \`${type}\`, not JSON`
  if (wrong === null) return JSON.parse(await text(response))
  await response.body?.cancel()
  throw new Error(wrong)
}

/** The body, as long as it is no longer than it may be. */
async function text(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > SIZE_LIMIT) throw new Error(`it answered more than ${SIZE_LIMIT} bytes`)
    chunks.push(chunk)
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
}
