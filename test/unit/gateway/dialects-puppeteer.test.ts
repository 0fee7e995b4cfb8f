import { beforeEach, describe, expect, it } from 'vitest'
import { puppeteer } from '#companion/gateway/dialects/puppeteer.ts'
import type { Refusal } from '#companion/gateway/refusal.ts'
import {
  commandOf,
  type RecordedAgent,
  type RecordedTarget,
  recordedAgent,
  recordedTarget,
} from './recorded-agent.ts'

const denied = { kind: 'denied', text: 'Holdpoint denied this action' } as const

let page: RecordedTarget
let agent: RecordedAgent
let dialect: ReturnType<typeof puppeteer>

beforeEach(() => {
  page = recordedTarget('page')
  agent = recordedAgent('puppeteer')
  dialect = puppeteer('puppeteer')
})

function refusePress(refusal: Refusal = denied) {
  const press = commandOf(agent, page, 'Input.dispatchMouseEvent', { type: 'mousePressed' })
  dialect.refuse(press, refusal)
  return press
}

const accept = () => commandOf(agent, page, 'Page.handleJavaScriptDialog', { accept: true })
const events = () => agent.sent.flatMap((sent) => ('event' in sent ? [sent.event] : []))

describe('the Puppeteer dialect', () => {
  it('opens a dialog with the text on the session of the press, and then fails it', () => {
    const press = refusePress()
    expect(agent.sent).toEqual([
      {
        event: 'Page.javascriptDialogOpening',
        sessionId: 'agent_page',
        params: expect.objectContaining({ type: 'alert', message: denied.text, url: page.url }),
      },
      { fail: press.id, message: denied.text },
    ])
  })

  it('answers for its dialog itself and closes it, once', () => {
    refusePress()
    const handled = accept()
    expect(dialect.intercept(handled)).toBe(true)
    expect(agent.sent.slice(-2)).toEqual([
      { answer: handled.id, result: {} },
      {
        event: 'Page.javascriptDialogClosed',
        sessionId: 'agent_page',
        params: { result: true, userInput: '' },
      },
    ])
    expect(dialect.intercept(accept())).toBe(false)
  })

  it('never answers for a dialog that the page opened', () => {
    refusePress()
    page.happens('Page.javascriptDialogOpening')
    expect(dialect.intercept(accept())).toBe(false)
  })

  it('closes the one before where a script handles none', () => {
    refusePress()
    refusePress({ ...denied })
    expect(events()).toEqual([
      'Page.javascriptDialogOpening',
      'Page.javascriptDialogClosed',
      'Page.javascriptDialogOpening',
    ])
  })

  it('opens one for the two presses of a double click', () => {
    refusePress()
    refusePress()
    expect(events()).toEqual(['Page.javascriptDialogOpening'])
  })

  it('opens none for what is not input', () => {
    dialect.refuse(commandOf(agent, page, 'Page.reload'), denied)
    dialect.refuse(accept(), denied)
    expect(events()).toEqual([])
  })

  it('takes a client that runs the DevTools models for chrome-devtools-mcp', () => {
    dialect.intercept(commandOf(agent, page, 'Network.enable'))
    expect(dialect.client()).toBe('puppeteer')
    dialect.intercept(commandOf(agent, page, 'Network.setAttachDebugStack', { enabled: true }))
    expect(dialect.client()).toBe('chrome-devtools-mcp')
  })
})
