import type { JSX } from 'preact'
import type { Run } from '#shared/protocol/run.ts'
import { Icon, type IconName } from '#shared/ui/icon.tsx'

const STATES: Record<Run['state'] | 'taken', { word: string; icon: IconName; tone: string }> = {
  live: { word: 'Live', icon: 'run', tone: 'ok' },
  paused: { word: 'Paused', icon: 'pause', tone: 'hold' },
  taken: { word: 'In your hands', icon: 'hand', tone: 'violet' },
  ended: { word: 'Ended', icon: 'check', tone: 'plain' },
  killed: { word: 'Killed', icon: 'stop', tone: 'danger' },
}

/** How a run stands, by icon and word. */
export function RunState({ run }: { run: Run }): JSX.Element {
  const { word, icon, tone } = STATES[run.takeover ? 'taken' : run.state]
  return (
    <span class={`run-state tone-${tone}`}>
      <Icon name={icon} size={16} />
      {word}
    </span>
  )
}
