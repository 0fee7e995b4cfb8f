/** What an agent is told about something that it asked for and that was not executed. */
export interface Refusal {
  kind: 'denied' | 'pending' | 'shadowed' | 'refused'
  /** What the agent reads. */
  text: string
}

export interface RefusalFacts {
  kind: Refusal['kind']
  /** The action in a few words: `click on button "Send"`. May hold page text. */
  what: string
  /** Host of the page that it was meant for. */
  where: string
  /** Why, from the decision or from the person. May hold page text. */
  reason: string
  /** Ids of the rules that decided. */
  rules?: readonly string[] | undefined
  /** What the rule's author wants the agent to know. */
  tell?: string | undefined
  /** What the agent can do instead, by the rule's author. */
  suggest?: string | undefined
  /** Id of the audit entry. */
  audit?: string | undefined
  /** Id of the hold. */
  hold?: string | undefined
  /** How long a person had for it so far, in milliseconds. */
  waitedMs?: number | undefined
}

/** The refusal as text for a language model to read and act on.
 *
 * INVARIANT: only this file's own words and ids stand outside of double quotes, and nothing inside of
 * them can end them or start a line, so that page text cannot pose as Holdpoint's words. */
export function refusalText(facts: RefusalFacts): string {
  const rules = (facts.rules ?? []).map(word).join(', ')
  return [
    `${OPENINGS[facts.kind]}: ${quoted(facts.what)} on ${word(facts.where) || 'this page'}.`,
    `Reason: ${sentence(facts.reason)}${rules === '' ? '' : ` Rule: ${rules}.`}`,
    facts.tell === undefined ? '' : `Message from the policy: ${sentence(facts.tell)}`,
    facts.suggest === undefined ? '' : `What you can do instead: ${sentence(facts.suggest)}`,
    ids(facts),
    advice(facts),
  ]
    .filter((line) => line !== '')
    .join('\n')
}

/** `text` as page text may stand in a message: one line, clipped, without characters that hide or
 * reorder others, in double quotes that it cannot end. */
export function quoted(text: string, longest = 120): string {
  const clean = plain(text).replace(/["“”„‟«»＂]/g, "'")
  const points = Array.from(clean)
  return `"${points.length > longest ? `${points.slice(0, longest - 1).join('')}…` : clean}"`
}

/** Quoted, with a full stop after it where it has none. */
function sentence(text: string): string {
  const said = quoted(text, 300)
  return /[.!?]"$/.test(said) ? said : `${said}.`
}

const OPENINGS: Record<Refusal['kind'], string> = {
  denied: 'Holdpoint denied this action',
  pending: 'Holdpoint: pending, NOT executed',
  shadowed: 'Holdpoint recorded, not executed (shadow)',
  refused: 'Holdpoint refused this action',
}

function advice({ kind, waitedMs }: RefusalFacts): string {
  switch (kind) {
    case 'denied':
      return 'Nothing was executed. Do not retry this action; tell the user.'
    case 'pending': {
      const waited = waitedMs === undefined ? '' : ` (${Math.round(waitedMs / 1000)} s so far)`
      return `A person has been asked${waited}. To go on, wait about 10 seconds and repeat exactly the same action: it goes through once it is approved. Do not try another way.`
    }
    case 'shadowed':
      return 'This site is in shadow mode: nothing is executed here. Do not retry this action; go on as if it had been done, and tell the user that it was only recorded.'
    case 'refused':
      return 'Nothing was executed. Do not retry this action in the same way; tell the user.'
  }
}

function ids({ audit, hold }: RefusalFacts): string {
  const parts = [
    audit === undefined ? '' : `Audit id: ${word(audit)}.`,
    hold === undefined ? '' : `Hold id: ${word(hold)}.`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

/** An id or a host, of the characters that these have. */
function word(text: string): string {
  return text.replace(/[^\w.:[\]/@-]/g, '').slice(0, 100)
}

/** Control, format (bidi, zero width, tags), private and unassigned characters become nothing, any run
 * of white space one space. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]/gu, '')
    .trim()
}
