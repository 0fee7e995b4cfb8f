import type { ClientFamily } from '../agent.ts'
import { type Params, paramsOf, SERVER_ERROR } from '../cdp.ts'
import type { Refusal } from '../refusal.ts'
import type { Target } from '../targets.ts'
import type { Dialect } from './dialect.ts'
import { RefusedGestures } from './refused-gestures.ts'

/** Playwright in every language, and @playwright/mcp: they share one driver.
 *
 * An action on a locator retries every protocol error until its time is up, and then reports a timeout
 * without the error's text. Only an exception thrown by an evaluation ends it at once, with the
 * exception's text. So the press is answered with an error, which stops this attempt, and the
 * evaluation that starts the next attempt, within 20 to 500 ms, with an exception. `page.mouse`,
 * `page.keyboard` and element handles do not retry: there the error itself is what the caller reads. */
export function playwright(family: ClientFamily, now: () => number = Date.now): Dialect {
  let client = family
  const refused = new RefusedGestures()
  /** Both by page. */
  const unread = new WeakMap<Target, Unread>()
  /** Arguments of the last evaluation, so of what prepared an input that is in flight. */
  const prepared = new WeakMap<Target, unknown>()
  /** Id of the last command by which an action was given up. Its input, which came before, is refused
   * without anybody who reads it, and the next attempt is another action. */
  const givenUp = new WeakMap<Target, number>()

  function isUnread(page: Target): boolean {
    if ((unread.get(page)?.until ?? 0) >= now()) return true
    unread.delete(page)
    return false
  }

  return {
    refuse(command, refusal) {
      if (refused.isTold(command)) {
        command.agent.answer(command, {})
        return
      }
      const page = command.target === null ? null : pageOf(command.target)
      const isAwaited = page !== null && command.id > (givenUp.get(page) ?? -1)
      if (isAwaited && isRetried(command.method)) {
        // One refused again before the last was read: what this driver sends is not as it was known.
        const last = isUnread(page) ? unread.get(page) : undefined
        // The parts of a double click are refused with one refusal.
        const again = last !== undefined && last.refusal !== refusal
        const missed = (last?.missed ?? 0) + (again ? 1 : 0)
        unread.set(page, { refusal, until: now() + RETRIES_WITHIN_MS, missed })
      }
      command.agent.fail(command, { code: SERVER_ERROR, message: refusal.text })
    },
    intercept(command) {
      if (command.target === null || !EVALUATIONS.has(command.method)) return false
      const page = pageOf(command.target)
      prepared.set(page, command.params.arguments)
      if (client === 'playwright' && isByReference(command.params)) client = 'playwright-mcp'
      const found = isUnread(page) ? unread.get(page) : undefined
      if (!found || !isAttempt(command.params, found.missed)) return false
      unread.delete(page)
      command.agent.answer(command, thrown(found.refusal.text))
      return true
    },
    gaveUp({ id, target, method, params }) {
      if (target === null) return false
      const page = pageOf(target)
      const takesBack = EVALUATIONS.has(method)
        ? isCleanup(params)
        : method === 'Runtime.releaseObject' && isAmong(params, prepared.get(page))
      if (takesBack) givenUp.set(page, id)
      return takesBack
    },
    client: () => client,
  }
}

interface Unread {
  refusal: Refusal
  until: number
  /** How many times it was refused without being read. */
  missed: number
}

/** Longer than Playwright waits between two attempts (500 ms), with room for a busy machine; short,
 * because after an action that is not retried the next evaluation is somebody else's. */
const RETRIES_WITHIN_MS = 3000

const EVALUATIONS = new Set(['Runtime.callFunctionOn', 'Runtime.evaluate'])

function isRetried(method: string): boolean {
  return method.startsWith('Input.') || method === 'DOM.setFileInputFiles'
}

/** Input goes to the page's session, but an attempt may start in the session of a frame that has a
 * process of its own: they meet at the page. */
function pageOf(target: Target): Target {
  let page = target
  while (page.parent !== null) page = page.parent
  return page
}

/** Whether an element is looked for by the reference that a snapshot gave it. That is how agents work,
 * by @playwright/mcp, whose actions have 5 s in place of a script's 30. */
function isByReference({ arguments: given }: Params): boolean {
  return given !== undefined && JSON.stringify(given).includes('"aria-ref"')
}

/** Whether an evaluation starts an attempt. Every attempt begins by a function, passed as text to the
 * driver's utility script, which resolves the locator to a handle and logs that it did; a read of the
 * agent's asks for a value. Should a version of the driver do it otherwise, the same action comes again
 * and is refused again: then any of the driver's own functions is taken, which call its injected script
 * `injected`, and then any function but what a failed attempt cleans up by, whose exceptions are
 * swallowed. */
function isAttempt(params: Params, missed: number): boolean {
  if (isCleanup(params)) return false
  const text = sourceOf(params)
  if (missed === 0) return params.returnByValue !== true && text.includes('locator resolved to')
  return missed > 1 || text.includes('injected')
}

/** What ends an attempt: it takes back what was put into the page to watch for the event. While the
 * event has not been answered, only an action whose time is up does that. */
function isCleanup(params: Params): boolean {
  return /\(h\) => h\.stop\(\)|__cleanupDrag/.test(sourceOf(params))
}

function sourceOf({ arguments: given, expression, functionDeclaration }: Params): string {
  return JSON.stringify([given, expression, functionDeclaration])
}

/** Whether an object that is released was among the arguments of an evaluation. An action on a field
 * that is given up in the middle of a key press lets go of the field. */
function isAmong({ objectId }: Params, given: unknown): boolean {
  return Array.isArray(given) && given.some((value) => paramsOf(value).objectId === objectId)
}

/** The answer to an evaluation that threw (`Runtime.ExceptionDetails`). Playwright takes the message
 * from `exception.description`. */
function thrown(text: string) {
  const exception = { type: 'object', subtype: 'error', className: 'Error', description: text }
  return {
    result: exception,
    exceptionDetails: {
      exceptionId: 1,
      text: 'Uncaught',
      lineNumber: 0,
      columnNumber: 0,
      exception,
    },
  }
}
