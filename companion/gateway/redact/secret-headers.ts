import { isParams, type Params, textOf } from '../cdp.ts'
import { STAMP_HEADER } from '../stamp.ts'

/** Headers that let whoever has them act as the user. The last three are no standard, only common. */
const SECRET = new Set([
  'authorization',
  'cookie',
  'cookie2',
  'proxy-authorization',
  'secure-session-registration',
  'secure-session-response',
  'set-cookie',
  'set-cookie2',
  'x-access-token',
  'x-api-key',
  'x-auth-token',
  STAMP_HEADER,
])

export function isSecretHeader(name: string): boolean {
  return SECRET.has(name.trim().toLowerCase())
}

/** `Network.Headers`, an object, or `Fetch.HeaderEntry`s, a list, without the secret ones. They are left
 * out, not emptied: a client that sends a paused request on with the headers it was shown would
 * otherwise send empty ones. */
export function withoutSecrets(headers: unknown): unknown {
  if (Array.isArray(headers))
    return headers.filter((entry) => !isParams(entry) || !isSecretHeader(textOf(entry.name) ?? ''))
  if (!isParams(headers)) return headers
  const kept: Params = {}
  for (const [name, value] of Object.entries(headers)) if (!isSecretHeader(name)) kept[name] = value
  return kept
}

/** The head of a message as it went over the wire, without the lines of secret headers. */
export function textWithoutSecrets(text: unknown): unknown {
  if (typeof text !== 'string') return text
  return text
    .split('\n')
    .filter((line) => !isSecretHeader(line.split(':', 1)[0] ?? ''))
    .join('\n')
}
