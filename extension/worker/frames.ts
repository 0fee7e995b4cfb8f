import type { Browser } from '../browser.ts'
import { FromFrame, type ToFrame } from '../messages.ts'

/** One document with a gate, for as long as its port is open. */
export interface Frame {
  readonly tab: number
  readonly frame: number
  post(message: ToFrame): void
}

interface FrameEnds {
  onMessage(frame: Frame, message: FromFrame): void
  /** The port of a new document is open. */
  onOpened(frame: Frame): void
  /** The document is gone, or has gone into the back/forward cache. */
  onGone(frame: Frame): void
}

/** The frames that are connected now. */
export function createFrames(ends: FrameEnds) {
  const frames = new Set<Frame>()
  return {
    accept(port: Browser.runtime.Port) {
      const { tab, frameId } = port.sender ?? {}
      if (tab?.id === undefined || frameId === undefined) return port.disconnect()
      const frame: Frame = {
        tab: tab.id,
        frame: frameId,
        post: (message) => {
          if (frames.has(frame)) port.postMessage(message)
        },
      }
      frames.add(frame)
      port.onMessage.addListener((message: unknown) => {
        const parsed = FromFrame.safeParse(message)
        if (parsed.success) ends.onMessage(frame, parsed.data)
        else refuse(frame, message, parsed.error)
      })
      port.onDisconnect.addListener(() => {
        frames.delete(frame)
        ends.onGone(frame)
      })
      ends.onOpened(frame)
    },
    broadcast(message: ToFrame) {
      for (const frame of frames) frame.post(message)
    },
  }
}

/** An ask that cannot be understood is answered, so that the person hears why nothing happened. */
function refuse(frame: Frame, message: unknown, error: unknown) {
  console.warn('holdpoint: not a message of the gate', error)
  if (typeof message !== 'object' || !message || !('id' in message)) return
  const { id } = message
  if (typeof id !== 'string') return
  const reason = 'Holdpoint could not describe this action to the companion.'
  frame.post({ type: 'answer', id, answer: { state: 'refused', code: 'bad-message', reason } })
}
