import type { Match, Said } from './lexicon.ts'
import { graver, isVerb, meaning, openers, type Verb } from './meaning.ts'

/** What a label tells to do.
 * - `means`: a verb that does something. `opener`: as a rule it opens a form first.
 * - `agrees`: to whatever the context says. `firm`: it commits even where the context says nothing.
 * - `harmless`: looks, opens or steps back. `leaves`: it is a way out, whatever the form behind it does.
 * - `silent`: no word that is known. */
export type Command =
  | { kind: 'means'; verb: Verb; text: string; opener: boolean }
  | { kind: 'agrees'; firm: boolean; verb?: Verb; text: string }
  | { kind: 'harmless'; leaves: boolean; text: string }
  | { kind: 'silent' }

type Act = Match & { term: Verb }

/** How long a command may be. Longer text is content that happens to contain verbs (a headline, a card),
 * but for a button, where `head` is set, a verb at the head of a clause still counts. */
export interface Limit {
  words: number
  head: boolean
}

/** Reads a label as a command. `cancels`, asked only where it matters, is true where the label names an
 * order, a booking or another thing whose cancelling is an act. */
export function command(said: Said, limit: Limit, cancels: () => boolean): Command {
  const spoken = said.matches.filter((match) => !match.alone || match.size >= said.words)
  const how = spoken.find((match) => match.term === 'how' && (match.at === 0 || match.verbLast))
  if (how) return { kind: 'harmless', leaves: false, text: how.text }
  const verbs = spoken.filter((match, i) => counts(match, i, spoken))
  const told = verbs
    .filter(isAct)
    .filter((match) => said.words <= limit.words || (limit.head && match.first))
  const acts = told.filter((match) => !isDenied(match, spoken))
  const [denied] = told
  if (denied && acts.length === 0) return { kind: 'harmless', leaves: true, text: denied.text }
  const [head] = verbs
  if (!head) return { kind: 'silent' }
  const agrees = verbs.find((match) => match.term === 'affirm' || isFirm(match.term))
  const abort = verbs.find((match) => match.term === 'abort')
  if (abort && said.words <= 6 && cancels())
    return { kind: 'means', verb: 'cancel', text: abort.text, opener: false }
  const free = acts.filter((match) => !isFirm(match.term) && !isCovered(match, verbs, spoken))
  const act = gravest(free)
  if (act) {
    const opener = free.every((match) => openers.has(match.term))
    return { kind: 'means', verb: act.term, text: act.text, opener }
  }
  if (agrees && (agrees.term === 'affirm' || acts.some((match) => match === agrees)))
    if (agrees === head || !isBenign(head)) return agreement(agrees)
  const benign = verbs.find(isBenign)
  return benign
    ? { kind: 'harmless', leaves: benign.term !== 'open', text: benign.text }
    : { kind: 'silent' }
}

/** The gravest verb of a prose text, such as a dialog's question, with the words it came from. */
export function gravestVerb(said: Said): { verb: Verb; text: string } | undefined {
  const verbs = said.matches.filter((match, i) => counts(match, i, said.matches) && !match.alone)
  const act = gravest(verbs.filter(isAct).filter((match) => !isFirm(match.term)))
  return act && { verb: act.term, text: act.text }
}

/** A verb that is also a noun is a verb only at the head of its clause or after a joining word, and
 * not where a noun such as `history` follows. */
function counts(match: Match, index: number, all: readonly Match[]): boolean {
  if (match.term === 'not' || match.term === 'and' || match.term === 'about') return false
  if (!match.noun) return true
  const before = all[index - 1]
  const after = all[index + 1]
  if (after?.term === 'about' && after.at === match.at + match.size) return false
  return match.first || (before !== undefined && joins(before) && touches(before, match))
}

function joins(match: Match): boolean {
  return match.term === 'and' || match.term === 'affirm'
}

function touches(before: Match, after: Match): boolean {
  return before.at + before.size === after.at && before.clause === after.clause
}

/** `Don't send`, `ne pas supprimer`, `送信しない`: a negation right beside the verb, in the same clause. */
function isDenied(match: Match, all: readonly Match[]): boolean {
  return all.some(
    (other) =>
      other.term === 'not' && (touches(other, match) || (other.verbLast && touches(match, other))),
  )
}

/** `Cancel sending`, `Löschen abbrechen`: the verb is the object of a harmless one. */
function isCovered(act: Match, verbs: readonly Match[], spoken: readonly Match[]): boolean {
  return verbs.some((other) => {
    if (!isBenign(other) || other.clause !== act.clause) return false
    const covers = act.verbLast && other.verbLast ? other.at > act.at : other.at < act.at
    const [low, high] = other.at < act.at ? [other.at, act.at] : [act.at, other.at]
    return covers && !spoken.some((word) => word.term === 'and' && word.at > low && word.at < high)
  })
}

function isAct(match: Match): match is Act {
  return isVerb(match.term)
}

/** Verbs that commit to something they do not name. */
function isFirm(term: string): term is 'confirm' | 'submit' | 'accept' | 'reject' {
  return term === 'confirm' || term === 'submit' || term === 'accept' || term === 'reject'
}

function isBenign(match: Match): boolean {
  return match.term === 'open' || match.term === 'leave' || match.term === 'abort'
}

function agreement(match: Match): Command {
  return isFirm(match.term)
    ? { kind: 'agrees', firm: true, verb: match.term, text: match.text }
    : { kind: 'agrees', firm: false, text: match.text }
}

function gravest(acts: readonly Act[]): Act | undefined {
  return acts.reduce<Act | undefined>(
    (worst, act) => (!worst || graver(meaning(act.term), meaning(worst.term)) ? act : worst),
    undefined,
  )
}
