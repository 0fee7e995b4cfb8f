import type { Mode } from '#shared/protocol/words.ts'
import { browser } from '../browser.ts'

export interface BadgeState {
  paired: boolean
  /** Null while the companion cannot be reached. */
  mode: Mode | null
  pending: number
  /** Observe-mode records that could not be delivered yet. */
  undelivered: number
  /** Frames that hold something nobody can be asked about. */
  unasked: number
}

/** Shows the state without relying on colour: a short word or the number of waiting holds, and the
 * whole state in the tooltip. */
export async function showBadge(state: BadgeState): Promise<void> {
  const { text, title, color } = badge(state)
  await Promise.all([
    browser.action.setBadgeText({ text }),
    browser.action.setTitle({ title }),
    browser.action.setBadgeBackgroundColor({ color }),
  ])
}

/** Badges have room for four characters. */
export function badge(state: BadgeState): { text: string; title: string; color: string } {
  const { text, name, color } = word(state)
  const title = [
    `Holdpoint: ${name}`,
    state.pending > 0 ? `${state.pending} waiting for an answer` : '',
    state.undelivered > 0 ? `${state.undelivered} records not delivered` : '',
    unasked(state.unasked),
  ]
  return {
    text: state.pending > 0 && state.mode ? String(Math.min(state.pending, 999)) : text,
    title: title.filter((part) => part !== '').join(', '),
    color: state.pending > 0 && state.mode ? '#b45309' : color,
  }
}

function word(state: BadgeState): { text: string; name: string; color: string } {
  if (!state.paired)
    return { text: 'PAIR', name: 'not paired, actions stay held', color: '#b91c1c' }
  switch (state.mode) {
    case null:
      return { text: 'OFF', name: 'Offline, actions stay held', color: '#b91c1c' }
    case 'enforce':
      return { text: 'ON', name: 'Enforce', color: '#15803d' }
    case 'shadow':
      return { text: 'SHDW', name: 'Shadow', color: '#4338ca' }
    case 'observe':
      return { text: 'OBS', name: 'Observe', color: '#475569' }
  }
}

function unasked(frames: number): string {
  if (frames === 0) return ''
  return `${frames === 1 ? '1 frame holds' : `${frames} frames hold`} what nobody can be asked about`
}
