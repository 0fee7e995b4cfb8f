import type { Browser } from '../browser.ts'
import { FromPrompt, type PromptView } from '../messages.ts'
import type { Frame } from './frames.ts'

/** Most prompt pages that may wait for their frame's word; pages can open any number of them. */
const STRANGER_LIMIT = 20

/** A prompt that a frame has opened. */
export interface Prompt {
  nonce: string
  frame: Frame
  request: string
  port: Browser.runtime.Port | null
  /** Why the last verdict was not accepted. */
  problem: string | null
  /** Id of the verdict under way. */
  verdict: string | null
}

interface PromptEnds {
  view(prompt: Prompt): Promise<PromptView>
  onMessage(prompt: Prompt, message: Exclude<FromPrompt, { type: 'hello' }>): void
}

/** Joins prompt pages to the frames that opened them. A prompt page can be loaded by any website, so
 * it is given nothing before it names the nonce that the gate of a frame in the same tab announced;
 * a nonce serves one page. */
export function createPrompts(ends: PromptEnds) {
  const prompts = new Map<string, Prompt>()
  const strangers = new Map<string, Browser.runtime.Port>()

  function refresh(prompt: Prompt) {
    ends
      .view(prompt)
      .then((view) => prompt.port?.postMessage(view))
      .catch((error: unknown) => console.warn('holdpoint: could not show a prompt', error))
  }

  function hello(port: Browser.runtime.Port, nonce: string) {
    const prompt = prompts.get(nonce)
    if (!prompt) {
      // The page may be quicker than its frame's announcement.
      if (strangers.size < STRANGER_LIMIT) strangers.set(nonce, port)
      return
    }
    if (prompt.port || port.sender?.tab?.id !== prompt.frame.tab) return port.disconnect()
    prompt.port = port
    port.onDisconnect.addListener(() => {
      prompt.port = null
      // Still open as far as its frame knows: somebody tore the page out of it.
      if (prompts.has(nonce))
        prompt.frame.post({ type: 'prompt', request: prompt.request, wish: { does: 'reassert' } })
    })
    refresh(prompt)
  }

  function receive(port: Browser.runtime.Port, message: FromPrompt) {
    if (message.type === 'hello') return hello(port, message.nonce)
    const prompt = [...prompts.values()].find((open) => open.port === port)
    if (prompt) ends.onMessage(prompt, message)
  }

  return {
    accept(port: Browser.runtime.Port) {
      port.onMessage.addListener((message: unknown) => {
        const parsed = FromPrompt.safeParse(message)
        if (parsed.success) receive(port, parsed.data)
      })
      port.onDisconnect.addListener(() => {
        for (const [nonce, stranger] of strangers) if (stranger === port) strangers.delete(nonce)
      })
    },
    opened(frame: Frame, nonce: string, request: string) {
      const known = prompts.get(nonce)
      // A second frame that claims a nonce is not told whether it exists.
      if (known) return
      prompts.set(nonce, { nonce, frame, request, port: null, problem: null, verdict: null })
      const waiting = strangers.get(nonce)
      strangers.delete(nonce)
      if (waiting) hello(waiting, nonce)
    },
    closed(frame: Frame, nonce: string) {
      const prompt = prompts.get(nonce)
      if (prompt?.frame !== frame) return
      prompts.delete(nonce)
      prompt.port?.disconnect()
    },
    gone(frame: Frame) {
      for (const prompt of [...prompts.values()])
        if (prompt.frame === frame) prompts.delete(prompt.nonce)
    },
    /** Shows the present state in every open prompt, or in those of one request. */
    refresh(request?: string) {
      for (const prompt of prompts.values())
        if (request === undefined || prompt.request === request) refresh(prompt)
    },
    byVerdict: (id: string) => [...prompts.values()].find((prompt) => prompt.verdict === id),
  }
}
