import { dom } from './builtins.ts'
import { urlLimit } from './clip.ts'
import { digest } from './digest.ts'
import { world } from './world.ts'

/** `value` resolved against the base URL of the document that holds `from`, as a Descriptor carries
 * it. What cannot be parsed stays as written: the request will fail, and people see why. */
export function resolved(value: string, from: Node): string {
  return shownUrl(absolute(value, from))
}

/** `value` as an absolute URL, nothing masked or cut. */
export function absolute(value: string, from: Node): string {
  try {
    return new URL(value, dom.baseURI(from)).href
  } catch {
    // Not a URL: kept as it is.
    return value
  }
}

/** A URL for people and for comparing: passwords and tokens in it are replaced by their digest, and
 * what is too long is cut and ends in a digest of the whole. */
export function shownUrl(url: string): string {
  const masked =
    url.includes('=') || url.includes('@')
      ? url.replace(USER_INFO, '$1').replace(SECRET_PARAMETER, hidden)
      : url
  if (masked.length <= urlLimit) return masked
  return `${masked.slice(0, urlLimit - 20)}…${digest(masked, world.key)}`
}

function hidden(_: string, name: string, value: string): string {
  return `${name}masked-${digest(value, world.key)}`
}

const USER_INFO = /^([a-z][a-z\d+.-]*:\/\/)[^/?#@]*@/i
const SECRET_PARAMETER =
  /([?&#;](?:[\w.-]*(?:token|secret|passw(?:or)?d|signature|api[_-]?key|jwt|credential|session_?id)|sid|sig|otp|code|auth|key|pwd|x-amz-security-token)=)([^&#;]+)/gi
