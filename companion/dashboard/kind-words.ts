import type { IconName } from '#shared/ui/icon.tsx'
import type { Tone } from './read-entry.ts'

/** How an entry of one kind looks where nothing more is known of it. */
export interface KindLook {
  word: string
  icon: IconName
  tone: Tone
}

/** Icon, word, tone and sentence of each kind of entry. A kind of a newer companion has its own name. */
const KINDS: ReadonlyMap<string, readonly [string, IconName, Tone, string]> = new Map([
  ['started', ['Started', 'bolt', 'plain', 'The companion started']],
  ['stopped', ['Stopped', 'bolt', 'plain', 'The companion stopped']],
  ['decision', ['Decided', 'shield', 'plain', 'An action was decided on']],
  ['verdict', ['Verdict', 'check', 'plain', 'A person answered']],
  ['release', ['Released', 'oneway', 'ok', 'The action was let go']],
  ['covered', ['Covered', 'oneway', 'plain', 'A request went on under an action that was let go']],
  ['outcome', ['Outcome', 'check', 'plain', 'What came of it was recorded']],
  ['expired', ['Expired', 'clock', 'hold', 'Nobody answered in time: nothing happened']],
  ['withdrawn', ['Withdrawn', 'undo', 'plain', 'What was held is gone']],
  ['miss', ['Missed', 'alert', 'danger', 'A click taken for reading caused a change']],
  ['forgery', ['Forgery', 'alert', 'danger', 'Input aimed at an approval was refused']],
  ['refused', ['Refused', 'cross', 'danger', 'A request to the companion was refused']],
  ['policy', ['Policy', 'book', 'plain', 'The policy was loaded']],
  ['paired', ['Paired', 'link', 'plain', 'A browser was paired']],
  ['run', ['Run', 'run', 'plain', 'An agent session changed']],
  ['breaker', ['Breaker', 'shield', 'plain', 'A breaker changed']],
  ['undo', ['Undoing', 'undo', 'hold', 'A person began to take something back']],
  ['undone', ['Undone', 'undo', 'hold', 'An action was taken back']],
  ['undo-trial', ['Undo tried', 'undo', 'plain', 'A way to undo was tried out']],
  ['review', ['Reviewed', 'check', 'ok', 'A person looked over the policy']],
  ['promotion', ['Promoted', 'next', 'ok', 'Actions done on staging may be done on production']],
  ['earned', ['Earned', 'gauge', 'ok', 'A rule may go by itself from now on']],
])

export function lookOfKind(kind: string): KindLook {
  const [word, icon, tone] = KINDS.get(kind) ?? [kind, 'question', 'plain']
  return { word, icon, tone }
}

export function saysOfKind(kind: string): string {
  return KINDS.get(kind)?.[3] ?? 'Something was recorded'
}
