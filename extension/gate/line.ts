import type { FromFrame, ToFrame } from '../messages.ts'

/** The part of `runtime.Port` that the gate uses. */
export interface Port {
  postMessage(message: FromFrame): void
  onMessage: { addListener(listener: (message: ToFrame) => void): void }
  onDisconnect: { addListener(listener: () => void): void }
}

/** This frame's line to the worker. */
export interface Line {
  /** False where the message could not be handed over: this copy of the extension is gone. */
  send(message: FromFrame): boolean
  /** Opens the line if it is not open. */
  open(): boolean
}

/** Time after which a broken line is opened again while something waits for an answer, in ms. */
const REOPEN_MS = 100

interface LineEnds {
  connect(): Port
  onMessage(message: ToFrame): void
  /** A new line: the worker behind it knows nothing of this frame. */
  onOpened(): void
  /** The worker was evicted or is starting anew: it has forgotten this frame. */
  onBroken(): void
  /** True while an answer is waited for, so that a broken line is opened again at once. An idle frame
   * waits for its next gesture: reopening would wake the worker every 30 s for nothing. */
  wanted(): boolean
}

export function createLine(ends: LineEnds): Line {
  let port: Port | null = null

  function open(): boolean {
    if (port) return true
    try {
      const opened = ends.connect()
      port = opened
      opened.onMessage.addListener((message) => ends.onMessage(message))
      opened.onDisconnect.addListener(() => {
        if (port !== opened) return
        port = null
        ends.onBroken()
        if (ends.wanted()) setTimeout(open, REOPEN_MS)
      })
      ends.onOpened()
      return true
    } catch (error) {
      console.warn(
        'holdpoint: the extension was reloaded, this page stays gated until it is too',
        error,
      )
      return false
    }
  }

  return {
    open,
    send(message) {
      if (!open() || !port) return false
      try {
        port.postMessage(message)
        return true
      } catch {
        // The port died between two messages. Its disconnect event repeats what is still wanted.
        return false
      }
    },
  }
}
