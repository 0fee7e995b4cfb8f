import type { Undo } from '#shared/protocol/classification.ts'
import type { Capability, Category, Effect } from '#shared/protocol/words.ts'

/** What an action does, once that is known. */
export interface Meaning {
  capability: Exclude<Capability, 'read'>
  category: Category
  effect: Exclude<Effect, 'none'>
  /** The verb in English, lower case (`refund`). Absent where nothing names the action. */
  verb?: string
  /** Where it can be taken back, for a person to read. */
  undo?: Undo
}

/** Verbs that as a rule open a form or a dialog first, and do it only from there. */
const told = ['invite', 'comment', 'share', 'report'] as const
const made = ['add', 'create', 'upload', 'move'] as const
/** Verbs that real sites execute from a plain link, by GET. The others lead to a page first. */
const toggled = [
  'mark',
  'like',
  'enable',
  'add to list',
  'archive',
  'restore',
  'unsubscribe',
] as const
const deleted = ['delete', 'purge', 'discard', 'close account'] as const

/** The verbs that do something, by what they do. A table per language maps words to these names; what
 * a name means is said here once.
 * - `download`: a copy leaves the site and the browser; what is in it is not known here.
 * - `submit`, `confirm`, `accept`, `reject` commit to something they do not name. */
const groups = [
  ['send', 'communication', 'irreversible', [...told, 'send', 'publish', 'request']],
  ['update', 'other', 'reversible', [...made, ...toggled, 'save', 'block', 'consent', 'log out']],
  ['delete', 'communication', 'irreversible', ['unsend']],
  ['delete', 'deletion', 'irreversible', deleted],
  ['delete', 'deletion', 'reversible', ['trash']],
  ['delete', 'deletion', 'unknown', ['remove']],
  ['update', 'other', 'unknown', ['submit', 'accept', 'reject']],
  ['trigger', 'other', 'unknown', ['confirm', 'download']],
  ['update', 'other', 'irreversible', ['approve', 'subscribe', 'sign up', 'revoke']],
  ['update', 'legal', 'irreversible', ['agree', 'sign']],
  [
    ...(['transact', 'financial', 'irreversible'] as const),
    ['buy', 'pay', 'book', 'bid', 'donate', 'transfer', 'refund', 'trade'],
  ],
  ['update', 'financial', 'irreversible', ['cancel']],
  ['trigger', 'other', 'irreversible', ['deploy', 'run', 'reset']],
  ['update', 'personnel', 'irreversible', ['hire', 'dismiss']],
] as const

export type Verb = (typeof groups)[number][3][number]

/** Where the reversible ones are taken back, if not by the same control. */
const undo: Partial<Record<Verb, string>> = {
  save: 'Edit again',
  'add to list': 'The list > Remove',
  archive: 'Archive > Move back',
  consent: 'Cookie settings',
  'log out': 'Log in',
  trash: 'Trash > Restore',
}

const meanings = new Map<string, { verb: Verb } & Meaning>()
for (const [capability, category, effect, names] of groups)
  for (const verb of names) {
    const path = undo[verb] ?? 'The same control again'
    const back = effect === 'reversible' ? { undo: { path } } : {}
    meanings.set(verb, { capability, category, effect, verb, ...back })
  }

/** Every verb, in the order of the packed word table. */
export const verbs: readonly string[] = [...meanings.keys()]

/** Signs of an effect that nothing names. */
export const unnamed: Meaning = { capability: 'update', category: 'other', effect: 'unknown' }

export function meaning(verb: Verb): Meaning {
  return meanings.get(verb) ?? unnamed
}

export function isVerb(term: string): term is Verb {
  return meanings.has(term)
}

export const openers: ReadonlySet<string> = new Set<Verb>([...told, ...made])

export const linkVerbs: ReadonlySet<string> = new Set<Verb>([
  ...[...deleted, ...toggled],
  ...(['trash', 'remove', 'log out', 'approve', 'reject', 'cancel', 'revoke'] as const),
  ...(['download', 'run', 'reset'] as const),
])

/** True where `a` is the graver of the two. */
export function graver(a: Meaning, b: Meaning): boolean {
  return gravity[a.effect] > gravity[b.effect]
}

export const gravity = { irreversible: 3, unknown: 2, reversible: 1 } as const
