import type { JSX } from 'preact'
import type { Mode } from '#shared/protocol/words.ts'
import { Icon, type IconName } from '#shared/ui/icon.tsx'

/** Each mode by icon, word and what it means. */
export const MODES: Record<Mode, { icon: IconName; word: string; says: string }> = {
  enforce: { icon: 'shield', word: 'Enforce', says: 'Decisions bind: what is held waits for you.' },
  shadow: { icon: 'moon', word: 'Shadow', says: 'Nothing executes; everything is recorded.' },
  observe: {
    icon: 'eye',
    word: 'Observe',
    says: 'Everything executes unasked; everything is recorded.',
  },
}

/** The mode in force, never by colour alone. */
export function ModeTag({ mode }: { mode: Mode }): JSX.Element {
  return (
    <span class={`mode mode-${mode}`} title={MODES[mode].says}>
      <Icon name={MODES[mode].icon} size={16} />
      {MODES[mode].word}
    </span>
  )
}
