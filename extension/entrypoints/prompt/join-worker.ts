import { signal } from '@preact/signals'
import type { FromPrompt, PromptView } from '#extension/messages.ts'

interface Port {
  postMessage(message: FromPrompt): void
  disconnect(): void
  onMessage: { addListener(listener: (view: PromptView) => void): void }
  onDisconnect: { addListener(listener: () => void): void }
}

/** Wait before the worker is joined again after an eviction, in ms. */
const REJOIN_MS = 200

/** Fruitless attempts after which the page gives up: its nonce is not, or no longer, a prompt's. */
const REJOIN_LIMIT = 10

/** Keeps the page joined to the worker; `view` is null until the worker has recognised the nonce. */
export function joinWorker(nonce: string, connect: () => Port) {
  const view = signal<PromptView | null>(null)
  let port: Port | null = null
  let fruitless = 0

  function join(): void {
    const joined = connect()
    port = joined
    joined.onMessage.addListener((message) => {
      fruitless = 0
      view.value = message
    })
    joined.onDisconnect.addListener(() => {
      port = null
      if (fruitless++ < REJOIN_LIMIT) setTimeout(join, REJOIN_MS)
    })
    joined.postMessage({ type: 'hello', nonce })
  }

  join()
  return { view, send: (message: FromPrompt) => port?.postMessage(message) }
}

export type WorkerSide = ReturnType<typeof joinWorker>
