import type { Undo } from '#shared/protocol/classification.ts'
import type { Category, Mode } from '#shared/protocol/words.ts'
import type { Condition } from './condition.ts'
import type { Problem } from './problem.ts'
import type { Budget, Rate } from './rate.ts'
import type { RuleIndex } from './rule-index.ts'
import type { Earned, Phase } from './schema.ts'
import type {
  ApproverStep,
  BreakerRule,
  Duplicates,
  Limit as LimitEntry,
  Person,
  Provider,
  UndoRecipe,
} from './schema-limits.ts'
import type { Subject } from './subject.ts'
import type { Until } from './until.ts'
import type { UrlGlob } from './url-glob.ts'

/** A policy in force: read, checked and compiled. */
export interface Policy {
  readonly mode: Mode
  readonly phase: Phase
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
  readonly byId: ReadonlyMap<string, Rule>
  /** True where something in it depends on what happened before. */
  readonly restrains: boolean
  /** True where some rule has a mode of its own. */
  readonly ruleModes: boolean
  readonly limits: readonly Limit[]
  readonly ceilings: Ceilings
  /** Null where the policy does not look for duplicates. */
  readonly duplicates: Duplicates | null
  /** Null where it opens at forgery and a broken log alone. */
  readonly breaker: BreakerRule | null
  /** Origins of production, each with the staging origin that stands in for it. */
  readonly sandbox: ReadonlyMap<string, string>
  readonly approvers: { readonly [category in Category]?: readonly ApproverStep[] | undefined }
  /** Null where the policy names nobody: then every supervisor has every role. */
  readonly people: readonly Person[] | null
  /** File that names them, as written; it is read by whoever reads the policy. */
  readonly peopleFile: string | null
  readonly context: ReadonlyMap<string, Provider>
  readonly undo: ReadonlyMap<string, Recipe>
  /** Null where no review is due, ever. */
  readonly review: {
    readonly everyMs: number | null
    readonly afterIncident: boolean
    readonly role: string | null
  } | null
  readonly holds: { readonly expireMs: number; readonly batchMs: number }
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

/** A rate over everything of one kind. */
export interface Limit {
  /** Names what is counted: equal for limits that count the same. */
  readonly counts: string
  readonly rates: readonly Rate[]
  readonly by: LimitEntry['by']
  /** What an action has to be to count; what is not known about it counts as met. */
  readonly tests: readonly Test[]
  readonly says: string
  readonly tell: string | null
  readonly suggest: string | null
}

/** Most execute steps. Null is no ceiling. */
export interface Ceilings {
  readonly run: number | null
  readonly hour: number | null
  readonly day: {
    readonly all: number | null
    readonly capability: ReadonlyMap<string, number>
    readonly category: ReadonlyMap<string, number>
  }
  /** By capability. */
  readonly budgets: ReadonlyMap<string, readonly Budget[]>
  readonly evidence: string | null
}

/** An undo recipe; `text` is all that is in it, to tell one version from another. */
export interface Recipe extends UndoRecipe {
  readonly text: string
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
  /** Name of the recipe behind `undo`, and how old its last successful trial may be, in ms. */
  readonly recipe: string | null
  readonly verifiedMs: number | null
  readonly limits: readonly Rate[]
  readonly budgets: readonly Budget[]
  readonly earned: Earned | null
  /** What the rule matches and grants, as written, without its words for people: another text is
   * another rule, which has to earn its effect anew. */
  readonly terms: string
  readonly acknowledge: ReadonlySet<Category>
  readonly mode: Mode | null
  readonly until: Until | null
  readonly tell: string | null
  readonly suggest: string | null
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
  /** Where the field is a bound, how an action is beyond it: `340 USD is above the 50 USD`. */
  beyond?(subject: Subject): string
}

/** What a decision needs to know beyond the action itself. */
export interface Facts {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** SHA-256 of the policy in force. */
  readonly policyVersion: string
  /** What the policy's context providers know of this action, by provider; a provider that is missing
   * here has failed, and its facts are unknown. */
  readonly context?: Readonly<Record<string, unknown>>
}
