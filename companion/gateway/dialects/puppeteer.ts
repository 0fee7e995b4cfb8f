import type { Agent, ClientFamily, Command } from '../agent.ts'
import { SERVER_ERROR } from '../cdp.ts'
import type { Refusal } from '../refusal.ts'
import type { Target } from '../targets.ts'
import type { Dialect } from './dialect.ts'
import { RefusedGestures } from './refused-gestures.ts'

/** Puppeteer, and chrome-devtools-mcp on top of it.
 *
 * `page.click`, element handles, mouse and keyboard hand a protocol error on. A locator retries it
 * until its time is up and then reports a timeout without its text, and chrome-devtools-mcp clicks by
 * locators. What ends those is a JavaScript dialog: chrome-devtools-mcp stops the action and shows the
 * dialog's text in the tool's result, and a script reads it by `page.on('dialog')`. So both: a dialog
 * that the page never opened, and the error. An error on the release as well would leave Puppeteer's
 * button pressed for ever. */
export function puppeteer(family: ClientFamily): Dialect {
  let client = family
  const refused = new RefusedGestures()
  /** By session: the dialog that stands open there, which the page never opened. */
  const open = new Map<string, { refusal: Refusal; unwatch: () => void }>()

  function forget(sessionId: string): void {
    open.get(sessionId)?.unwatch()
    open.delete(sessionId)
  }

  function show({ agent }: Command, target: Target, sessionId: string, refusal: Refusal): void {
    // The parts of a double click are refused with one refusal.
    if (open.get(sessionId)?.refusal === refusal) return
    if (open.has(sessionId)) close(agent, sessionId, false)
    // From here on a dialog that the page opens is the one that is handled.
    const unwatch = target.session.on('Page.javascriptDialogOpening', () => forget(sessionId))
    open.set(sessionId, { refusal, unwatch })
    agent.emit(sessionId, 'Page.javascriptDialogOpening', {
      url: target.url,
      message: refusal.text,
      type: 'alert',
      hasBrowserHandler: false,
      defaultPrompt: '',
    })
  }

  function close(agent: Agent, sessionId: string, accepted: boolean): void {
    forget(sessionId)
    agent.emit(sessionId, 'Page.javascriptDialogClosed', { result: accepted, userInput: '' })
  }

  return {
    refuse(command, refusal) {
      const { agent, target, sessionId, method } = command
      if (refused.isTold(command)) {
        agent.answer(command, {})
        return
      }
      if (target !== null && sessionId !== undefined && method.startsWith('Input.'))
        show(command, target, sessionId, refusal)
      agent.fail(command, { code: SERVER_ERROR, message: refusal.text })
    },
    intercept(command) {
      const { agent, method, params, sessionId = '' } = command
      if (method === DEVTOOLS_ONLY) client = 'chrome-devtools-mcp'
      if (method !== 'Page.handleJavaScriptDialog' || !open.has(sessionId)) return false
      agent.answer(command, {})
      close(agent, sessionId, params.accept === true)
      return true
    },
    // A locator whose time is up sends nothing: an input must be answered before that, 30 s.
    gaveUp: () => false,
    client: () => client,
  }
}

/** chrome-devtools-mcp runs the models of the DevTools front end, which ask for this on every page;
 * Puppeteer itself never does. */
const DEVTOOLS_ONLY = 'Network.setAttachDebugStack'
