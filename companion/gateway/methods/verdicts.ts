import type { DenyCode, MethodVerdict } from './method-group.ts'

export const ALLOW: MethodVerdict = { class: 'allow' }
export const HOLD: MethodVerdict = { class: 'hold' }

/** A refusal that an agent can act on: what was not sent, why, and what to do in its place. */
export function denial(
  code: DenyCode,
  method: string,
  why: string,
  instead = 'Do not retry. If the task needs it, ask the user.',
): MethodVerdict & { class: 'deny' } {
  const message = `Holdpoint did not send ${named(method)} to the browser, because ${why}. ${instead}`
  return { class: 'deny', code, message }
}

/** A refusal of parameters: of the method itself there are milder forms. */
export function wrong(method: string, why: string, instead?: string): MethodVerdict {
  return denial('params_denied', method, why, instead)
}

/** A method's name as it may stand in a message: the agent may have made it up. */
function named(method: string): string {
  return /^[A-Za-z]{1,40}\.[A-Za-z]{1,60}$/.test(method) ? method : 'this method'
}
