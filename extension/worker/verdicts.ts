import type { Answer } from '#shared/protocol/link.ts'
import type { Asked } from './asks.ts'
import { automated } from './automation.ts'
import type { CompanionLink } from './companion-link.ts'
import { whyNotApprove } from './prompt-view.ts'
import type { Prompt } from './prompts.ts'

interface VerdictEnds {
  link: CompanionLink
  asked(request: string): Asked | undefined
  /** The prompt whose verdict has this message id. */
  promptOf(id: string): Prompt | undefined
  refresh(request: string): void
}

/** Carries the overlay's verdicts to the companion, which alone says whether they count. */
export function createVerdicts({ link, asked, promptOf, refresh }: VerdictEnds) {
  function tell(prompt: Prompt, problem: string): void {
    prompt.problem = problem
    refresh(prompt.request)
  }

  return {
    async give(prompt: Prompt, verdict: 'approve' | 'deny', reason?: string) {
      const hold = asked(prompt.request)?.hold
      if (!hold) return
      const automation = await automated(prompt.frame.tab)
      const whyNot = verdict === 'approve' ? whyNotApprove({ hold, automation }) : null
      if (whyNot !== null) return tell(prompt, whyNot)
      const id = crypto.randomUUID()
      prompt.verdict = id
      prompt.problem = null
      const words = reason ? { reason } : {}
      if (!link.send({ type: 'verdict', id, hold: hold.id, verdict, automation, ...words }))
        tell(prompt, 'The companion cannot be reached. The action stays held.')
    },
    /** An accepted verdict shows in the `decided` that follows; a refused one has to be told. */
    onAnswer(id: string, answer: Answer): void {
      const prompt = promptOf(id)
      if (prompt && answer.state === 'refused') tell(prompt, answer.reason)
    },
  }
}
