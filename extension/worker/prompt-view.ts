import type { Hold } from '#shared/protocol/hold.ts'
import type { PromptView } from '../messages.ts'

interface PromptFacts {
  connected: boolean
  paired: boolean
  hold: Hold | null
  /** Null where the browser cannot tell. */
  automation: boolean | null
  problem: string | null
}

/** What a prompt shows and may do. The companion enforces the same limits when a verdict arrives; here
 * they only keep the overlay from offering what would be refused. */
export function promptView(facts: PromptFacts): PromptView {
  const { paired, hold, problem } = facts
  const whyNot = whyNotApprove(facts)
  return {
    type: 'view',
    state: stateOf(facts),
    hold,
    mayApprove: whyNot === null,
    whyNot,
    problem,
    hasDashboard: paired,
  }
}

function stateOf({ connected, paired, hold }: PromptFacts): PromptView['state'] {
  if (!paired) return 'unpaired'
  if (!connected) return 'lost'
  if (!hold) return 'asking'
  return hold.state === 'pending' ? 'held' : 'decided'
}

/** Null where the overlay may approve. Checked again when a verdict arrives: what runs in the prompt's
 * frame need not be the prompt. */
export function whyNotApprove({
  hold,
  automation,
}: Pick<PromptFacts, 'hold' | 'automation'>): string | null {
  if (automation === true) return 'An automation session is attached to this tab.'
  if (hold?.classification.effect !== 'reversible')
    return 'It cannot be undone, or nobody knows how.'
  return null
}
