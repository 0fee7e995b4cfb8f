import type { FromCompanion } from '#shared/protocol/link.ts'
import { type Browser, browser } from '../browser.ts'
import type { FromPrompt, PopupView } from '../messages.ts'
import { automated } from './automation.ts'
import { showBadge } from './badge.ts'
import { type CompanionLink, createCompanionLink } from './companion-link.ts'
import { openDashboard } from './dashboard.ts'
import { reopenEarlyPages } from './early-pages.ts'
import { createFrames } from './frames.ts'
import { createHoldScript } from './hold-script.ts'
import { createOutbox } from './outbox.ts'
import { createOutcomes } from './outcomes.ts'
import { onPairing, type Pairing, readPairing } from './pairing.ts'
import { createPopups } from './popups.ts'
import { promptView } from './prompt-view.ts'
import { createPrompts, type Prompt } from './prompts.ts'
import { createRelay } from './relay.ts'
import { watchRequests } from './requests.ts'
import { clickScriptLink } from './script-link.ts'
import { soon } from './soon.ts'
import { createVerdicts } from './verdicts.ts'

/** Puts the worker together. Every listener is registered in this call: an event that wakes an evicted
 * worker is lost if its listener comes later. */
export function startWorker(): void {
  let pairing: Pairing | null = null
  let pending = 0

  const link: CompanionLink = createCompanionLink({
    pairing: async () => {
      pairing = await readPairing()
      return pairing
    },
    onMessage,
    onSettings(settings) {
      frames.broadcast({ type: 'link', settings })
      soon(outbox.flush().then(showState), 'deliver what was kept')
      prompts.refresh()
    },
    onDown() {
      frames.broadcast({ type: 'link', settings: null })
      prompts.refresh()
      showState()
    },
  })
  const outbox = createOutbox((fact) => link.send(fact))
  const outcomes = createOutcomes({
    report: (audit, evidence) => outbox.put({ type: 'outcome', id: newId(), audit, evidence }),
    miss: (descriptor, request) => outbox.put({ type: 'miss', id: newId(), descriptor, request }),
    later: (ms, run) => setTimeout(run, ms),
  })
  const relay = createRelay({
    link,
    outbox,
    outcomes,
    onChange: (request) => prompts.refresh(request),
    clickScriptLink: (frame, mark) => soon(clickScriptLink(frame, mark), 'click a script link'),
  })
  const holdScript = createHoldScript(showState)
  const frames = createFrames({
    onMessage(frame, message) {
      if (message.type === 'prompt-opened') prompts.opened(frame, message.nonce, message.request)
      else if (message.type === 'prompt-closed') prompts.closed(frame, message.nonce)
      else if (message.type === 'bring-hold') soon(holdScript.bring(frame), 'bring `hold.js`')
      else soon(relay.onFrame(frame, message), `carry out \`${message.type}\``)
    },
    onOpened(frame) {
      if (link.settings) frame.post({ type: 'link', settings: link.settings })
      else link.connect()
    },
    onGone(frame) {
      relay.onGone(frame)
      prompts.gone(frame)
      holdScript.gone(frame)
    },
  })
  const prompts = createPrompts({
    async view({ request, frame, problem }) {
      const automation = await automated(frame.tab)
      const hold = relay.asks.get(request)?.hold ?? null
      const { connected, paired } = status()
      return promptView({ connected, paired, hold, automation, problem })
    },
    onMessage: (prompt, message) => soon(onPrompt(prompt, message), 'answer a prompt'),
  })
  const verdicts = createVerdicts({
    link,
    asked: relay.asks.get,
    promptOf: prompts.byVerdict,
    refresh: (request) => prompts.refresh(request),
  })
  const popups = createPopups({
    status,
    onMessage: ({ type }) => (type === 'retry' ? link.connect() : showDashboard()),
  })

  function onMessage(message: FromCompanion): void {
    if (message.type === 'answer') {
      relay.onAnswer(message.id, message.answer)
      verdicts.onAnswer(message.id, message.answer)
    } else if (message.type === 'decided') relay.onDecided(message)
    else if (message.type === 'pending') {
      pending = message.count
      showState()
    }
  }

  async function onPrompt(prompt: Prompt, message: Exclude<FromPrompt, { type: 'hello' }>) {
    const { request, frame } = prompt
    if (message.type === 'retry') link.connect()
    else if (message.type === 'dashboard') showDashboard()
    else if (message.type === 'wish') frame.post({ type: 'prompt', request, wish: message.wish })
    else await verdicts.give(prompt, message.verdict, message.reason)
  }

  function status(): PopupView {
    const { settings } = link
    return {
      type: 'status',
      paired: pairing !== null,
      connected: settings !== null,
      companion: pairing?.companion ?? null,
      mode: settings?.mode ?? null,
      pending,
    }
  }

  function showState(): void {
    soon(
      showBadge({ ...status(), undelivered: outbox.records, unasked: holdScript.missing }),
      'show the state',
    )
    popups.refresh()
  }

  function showDashboard(): void {
    soon(openDashboard(pairing?.companion ?? null), 'open the dashboard')
  }

  acceptPorts({ frame: frames.accept, prompt: prompts.accept, popup: popups.accept })
  onPairing(() => link.reset())
  watchRequests(outcomes)
  browser.alarms.onAlarm.addListener(() => link.connect())
  soon(browser.alarms.create('reconnect', { periodInMinutes: 0.5 }), 'set the alarm')
  soon(reopenEarlyPages(), 'open early pages again')
  soon(keepFromPages(), 'close the storage to content scripts')
  link.connect()
}

type Accept = (port: Browser.runtime.Port) => void

/** Any content script can open a port of any name; only our own pages get a prompt's or the popup's. */
function acceptPorts(accept: Record<'frame' | 'prompt' | 'popup', Accept>): void {
  browser.runtime.onConnect.addListener((port) => {
    const ours = port.sender?.url?.startsWith(browser.runtime.getURL('/')) ?? false
    if (port.name === 'frame') accept.frame(port)
    else if (ours && port.name === 'prompt') accept.prompt(port)
    else if (ours && port.name === 'popup') accept.popup(port)
    else port.disconnect()
  })
}

/** Content scripts run in processes that a page may have taken over; the token is not for them. */
async function keepFromPages(): Promise<void> {
  await browser.storage.local.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' })
}

function newId(): string {
  return crypto.randomUUID()
}
