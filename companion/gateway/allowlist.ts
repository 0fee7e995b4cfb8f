import type { Params } from './cdp.ts'
import { browser } from './methods/browser.ts'
import { closed } from './methods/closed.ts'
import { content } from './methods/content.ts'
import { device } from './methods/device.ts'
import type { MethodGroup, MethodVerdict, ParamRule, SessionLevel } from './methods/method-group.ts'
import { network } from './methods/network.ts'
import { page } from './methods/page.ts'
import { script } from './methods/script.ts'
import { denial } from './methods/verdicts.ts'

export type { DenyCode, MethodVerdict, SessionLevel } from './methods/method-group.ts'
export { allowedUrl } from './param-rules.ts'

/** Every method that somebody has judged, in groups with the reason. */
export const methodGroups: readonly MethodGroup[] = [
  ...browser,
  ...page,
  ...script,
  ...content,
  ...network,
  ...device,
]

/** What becomes of a command. A method that is in no list is denied: new versions of the browser add
 * methods, and nobody knows what they open.
 *
 * `level` says whose session it came in on; what is none of the two counts as `root`, for which less is
 * open. The caller still has to see to it that every id in `params` (`targetId`, `browserContextId`,
 * `sessionId`, `windowId`, ...) belongs to the run. */
export function verdictOn(method: string, params: Params, level: SessionLevel): MethodVerdict {
  const entry = table.get(method)
  if (entry === undefined) return unknown(method)
  return entry.rule === undefined ? entry.verdict : entry.rule(method, params, level)
}

/** V8 asks every session whether a pause may be; it may not where all of them skip. The setting belongs
 * to the session and ends with `Debugger.disable`. */
const SKIP_PAUSES = { method: 'Debugger.setSkipAllPauses', params: { skip: true } }

interface Entry {
  group: MethodGroup
  verdict: MethodVerdict
  rule: ParamRule | undefined
}

const table: ReadonlyMap<string, Entry> = new Map(
  methodGroups.flatMap((group) =>
    group.methods.map((method): [string, Entry] => [
      method,
      { group, verdict: verdictOf(group, method), rule: group.rule },
    ]),
  ),
)

function verdictOf(group: MethodGroup, method: string): MethodVerdict {
  switch (group.class) {
    case 'allow':
      return { class: 'allow' }
    case 'hold':
      return { class: 'hold' }
    case 'answer':
      return { class: 'answer', result: {} }
    case 'guard':
      return { class: 'guard', first: SKIP_PAUSES }
    case 'deny':
      return denial('method_denied', method, group.why, group.instead)
  }
}

function unknown(method: string): MethodVerdict {
  const domain = method.split('.', 1)[0] ?? ''
  const reason = Object.hasOwn(closed, domain) ? closed[domain] : undefined
  if (reason) return denial('method_denied', method, reason.why, reason.instead)
  return denial(
    'method_unknown',
    method,
    'nobody has judged what it can do',
    'Use a method of the allow-list, or ask the user to have this one judged.',
  )
}
