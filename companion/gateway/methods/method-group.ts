import type { Params } from '../cdp.ts'

/** Where a command came in: on the agent's root session, which is the browser's, or on the session of
 * one of its targets. */
export type SessionLevel = 'root' | 'target'

/** What becomes of one command of an agent. */
export type MethodVerdict =
  /** Goes to the browser; with `params` where they are not those that the agent sent. */
  | { class: 'allow'; params?: Params }
  /** Goes to the browser right after `first`, a command of Holdpoint's own on the same session whose
   * answer the agent does not see. If `first` fails, the agent's command must not be sent. */
  | { class: 'guard'; first: { method: string; params: Params } }
  /** Goes to the input hold, which settles it. */
  | { class: 'hold' }
  /** Never reaches the browser. `message` is for the agent. */
  | { class: 'deny'; code: DenyCode; message: string }
  /** Never reaches the browser either, but the client needs an answer to go on. */
  | { class: 'answer'; result: Params }

/** `method_unknown`: nobody has judged this method. `method_denied`: judged, and denied. `params_denied`:
 * the method is fine, but not with these parameters or on this session. */
export type DenyCode = 'method_unknown' | 'method_denied' | 'params_denied'

/** Judges a command by its parameters. */
export type ParamRule = (method: string, params: Params, level: SessionLevel) => MethodVerdict

/** Methods that share a class and the reason for it. `rule` may be stricter or milder for some
 * parameters than `class`, which is what most commands get. */
export interface MethodGroup {
  class: MethodVerdict['class']
  /** One clause that completes "because ...", in words for the person who reviews it and, if denied,
   * for the agent that reads it. */
  why: string
  /** For denied methods: what the agent can do in its place. */
  instead?: string
  rule?: ParamRule
  /** Full names, `Domain.method`. */
  methods: readonly string[]
}

/** A domain of which no method is open, also none that a later version of the protocol adds. */
export interface ClosedDomain {
  why: string
  instead?: string
}
