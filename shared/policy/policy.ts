import type { Undo } from '#shared/protocol/classification.ts'
import type { Category, Mode } from '#shared/protocol/words.ts'
import type { Condition } from './condition.ts'
import type { Problem } from './problem.ts'
import type { RuleIndex } from './rule-index.ts'
import type { Subject } from './subject.ts'
import type { Until } from './until.ts'
import type { UrlGlob } from './url-glob.ts'

/** A policy in force: read, checked and compiled. */
export interface Policy {
  readonly mode: Mode
  /** What the agent is for, in plain language; shown to people, never interpreted. */
  readonly scope: string | null
  /** Null where the policy names none: then a site sets no limit. */
  readonly sites: readonly Site[] | null
  /** The patterns of `sites`. */
  readonly siteGlobs: readonly UrlGlob[] | null
  /** Addresses at which a plain GET changes something. */
  readonly sideEffects: readonly UrlGlob[]
  /** As written in the file; the order has no meaning. */
  readonly rules: readonly Rule[]
  /** True where some rule has a mode of its own. */
  readonly ruleModes: boolean
  readonly approvers: { readonly [category in Category]?: string | undefined }
  readonly holds: { readonly expireMs: number }
  readonly audit: { readonly keepMs: number }
  /** Things that are allowed and probably not meant. */
  readonly notes: readonly Problem[]
  /** Why nothing is allowed, where there has never been a good policy. */
  readonly broken: string | null
  readonly index: RuleIndex
}

export interface Site {
  readonly glob: UrlGlob
  /** Null: the policy's own mode. */
  readonly mode: Mode | null
  /** End of the mode, not of the site. */
  readonly until: Until | null
}

export type RuleEffect = 'allow' | 'hold' | 'deny'

export interface Rule {
  readonly id: string
  readonly effect: RuleEffect
  /** Line of the rule in the file, from 1; 0 for a rule that is in no file. */
  readonly line: number
  readonly tests: readonly Test[]
  /** Those of the tests that a place in the index does not settle. */
  readonly unsettled: readonly Test[]
  /** URL patterns of the rule; empty for a rule about any address. */
  readonly urls: readonly UrlGlob[]
  readonly capabilities: readonly string[]
  readonly categories: readonly Category[]
  readonly condition: Condition | null
  readonly reversibleOnly: boolean
  readonly undo: Undo | null
  readonly acknowledge: ReadonlySet<Category>
  readonly mode: Mode | null
  readonly until: Until | null
  readonly tell: string | null
  readonly why: string | null
  /** What the rule does, as the rest of a sentence that begins with its name. */
  readonly says: string
  /** Why an action is decided as it is where this rule decides: a whole sentence. */
  readonly reason: string
}

/** One field of a rule. What a field cannot know counts as met in hold and deny rules and as not
 * met in allow rules; each test already knows which of the two it belongs to. */
export interface Test {
  readonly field: string
  /** The condition in words: `amount at most 50 USD`. */
  readonly wants: string
  passes(subject: Subject): boolean
  /** What the action has instead: `340 USD`. */
  is(subject: Subject): string
}

/** What a decision needs to know beyond the action itself. */
export interface Facts {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** SHA-256 of the policy in force. */
  readonly policyVersion: string
}
