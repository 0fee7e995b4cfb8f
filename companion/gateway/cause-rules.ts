import type { Caused, Rule } from './cause.ts'
import type { Grant } from './cause-grant.ts'
import { isInside, type Listener } from './cause-listeners.ts'
import { isSameSite, sameOrigin } from './cause-site.ts'
import type { Chain } from './initiator.ts'
import type { Cause } from './parts.ts'
import { isSafe } from './paused-request.ts'
import type { Target } from './targets.ts'

/** The document that a click led to speaks for itself; a worker has none. */
export function speaksFor({ documents }: Grant, { type, loader }: Caused): boolean {
  return type === 'Document' || loader === '' || documents.has(loader)
}

/** `rule`, unless the request is beyond what an input may cause. A person at the wheel may do anything. */
export function within(cause: Cause, request: Caused, rule: Rule): Rule {
  if (cause.covers === 'form' || request.redirected) return 'beyond'
  if (cause.agent === null) return 'takeover'
  const { page } = cause.descriptor
  // A frame of another site acts for itself.
  if (request.origin !== '' && !isSameSite(request.origin, page.url)) return 'beyond'
  const stays = isSameSite(request.url, page.url) || toFormsOrigin(cause, request.url)
  return stays ? rule : 'beyond'
}

/** The request is the form that was described: it needs no stack, and a navigation has none. */
export function sentForm({ descriptor: { form }, covers }: Cause, request: Caused): boolean {
  if (form?.method !== 'post' || request.method !== 'POST') return false
  // What a script sends in a form's place has its stack.
  if (request.type !== 'Document' && (covers === 'all' || !isTold(request))) return false
  return sameAddress(request.url, form.action)
}

/** The request is the link that was described. A form may be sent to the same address. */
export function followedLink({ descriptor }: Cause, { type, method, url }: Caused): boolean {
  return type === 'Document' && isSafe(method) && sameAddress(url, descriptor.link?.href)
}

/** Whether a request tells what code it came from. Without a stack it is a form or a link that the
 * browser followed by itself, or a function of the browser's own that a script left to be called later
 * (`setTimeout(form.submit.bind(form))`), and nobody can tell which script. */
export function isTold({ chain }: Caused): boolean {
  return chain.frames.length > 0
}

function toFormsOrigin({ descriptor: { form } }: Cause, url: string): boolean {
  return form !== undefined && form.method !== 'script' && sameOrigin(url, form.action)
}

/** A timer that began before the press can stand inside a listener's code too: inside a function that
 * an earlier click left running. The listener itself is what the browser calls, by its own name. */
export function isOldTimer(chain: Chain, listener: Listener): boolean {
  if (chain.tasks.length > 0 || !chain.entry) return false
  const isListener = isInside(chain.entry, listener) && listener.name !== ''
  return !(isListener && chain.entry.functionName === listener.name)
}

function sameAddress(one: string, other: string | undefined): boolean {
  const bare = (url: string) => url.replace(/#.*$/, '')
  return other !== undefined && bare(one) === bare(other)
}

export function topOf(target: Target): Target {
  let top = target
  while (top.parent) top = top.parent
  return top
}
