import { beforeEach, describe, expect, it } from 'vitest'
import type { Params } from '#companion/gateway/cdp.ts'
import { playwright } from '#companion/gateway/dialects/playwright.ts'
import type { Refusal } from '#companion/gateway/refusal.ts'
import type { Target } from '#companion/gateway/targets.ts'
import { commandOf, type RecordedAgent, recordedAgent, recordedTarget } from './recorded-agent.ts'

const denied = { kind: 'denied', text: 'Holdpoint denied this action' } as const
const page = recordedTarget('page')
const frame = recordedTarget('frame', page)

let now = 0
let agent: RecordedAgent
let dialect: ReturnType<typeof playwright>

beforeEach(() => {
  now = 1000
  agent = recordedAgent('playwright')
  dialect = playwright('playwright', () => now)
})

/** As the driver evaluates: its utility script gets the function as text. */
function evaluation(target: Target, source: string, returnByValue = false) {
  return commandOf(agent, target, 'Runtime.callFunctionOn', {
    functionDeclaration: '(utilityScript, ...args) => utilityScript.evaluate(...args)',
    arguments: [{ objectId: '1' }, { value: true }, { value: source }],
    returnByValue,
  })
}

const attempt = (target: Target) =>
  evaluation(
    target,
    "(injected, params) => { log = 'locator resolved to ' + injected.previewNode(e) }",
  )

function refusePress(refusal: Refusal = { ...denied }) {
  const press = commandOf(agent, page, 'Input.dispatchMouseEvent', { type: 'mousePressed' })
  dialect.refuse(press, refusal)
}

describe('the Playwright dialect', () => {
  it('throws the text in the evaluation that starts the next attempt, once', () => {
    refusePress()
    const first = attempt(page)
    expect(dialect.intercept(first)).toBe(true)
    expect(agent.sent.at(-1)).toMatchObject({
      answer: first.id,
      result: { exceptionDetails: { exception: { description: denied.text } } },
    })
    expect(dialect.intercept(attempt(page))).toBe(false)
  })

  it('finds the next attempt in a frame that has a process of its own', () => {
    refusePress()
    expect(dialect.intercept(attempt(frame))).toBe(true)
  })

  it('leaves other pages, the clean-up of the attempt and what the agent reads alone', () => {
    refusePress()
    for (const command of [
      attempt(recordedTarget('other')),
      evaluation(page, '(h) => h.stop()'),
      evaluation(page, '() => document.title', true),
      evaluation(page, "({ injected }) => 'locator resolved to ' + injected", true),
      commandOf(agent, page, 'Runtime.releaseObject'),
    ])
      expect(dialect.intercept(command)).toBe(false)
    expect(dialect.intercept(attempt(page))).toBe(true)
  })

  it('forgets after three seconds: the next evaluation is not a retry any more', () => {
    refusePress()
    now += 3001
    expect(dialect.intercept(attempt(page))).toBe(false)
  })

  it('takes what looks less like an attempt when the same action is refused unread', () => {
    const unknownAttempt = () => evaluation(page, '(injected) => injected.resolve()')
    const mangled = () => evaluation(page, '(a)=>a.b()')
    refusePress()
    expect(dialect.intercept(unknownAttempt())).toBe(false)
    refusePress()
    expect(dialect.intercept(mangled())).toBe(false)
    expect(dialect.intercept(unknownAttempt())).toBe(true)

    refusePress()
    refusePress()
    refusePress()
    expect(dialect.intercept(evaluation(page, '(h) => h.stop()'))).toBe(false)
    expect(dialect.intercept(mangled())).toBe(true)
  })

  it('takes the presses of a double click for one refusal', () => {
    for (let press = 0; press < 3; press++) refusePress(denied)
    expect(dialect.intercept(evaluation(page, '(a)=>a.b()'))).toBe(false)
    expect(dialect.intercept(attempt(page))).toBe(true)
  })

  it('waits for no attempt where the driver makes none', () => {
    dialect.refuse(commandOf(agent, page, 'Page.handleJavaScriptDialog', { accept: true }), denied)
    dialect.refuse(commandOf(agent, page, 'Page.reload'), denied)
    expect(dialect.intercept(attempt(page))).toBe(false)
  })

  it('knows by what is taken back that an action whose input is in flight has given up', () => {
    const gaveUp = (method: string, params: Params, target: Target | null = page) =>
      dialect.gaveUp(commandOf(agent, target, method, params))
    const prepare = commandOf(agent, frame, 'Runtime.callFunctionOn', {
      arguments: [{ objectId: 'utility' }, { value: '(injected) => 1' }, { objectId: 'field' }],
    })
    dialect.intercept(prepare)

    expect(gaveUp('Runtime.callFunctionOn', evaluation(page, '(h) => h.stop()').params)).toBe(true)
    expect(gaveUp('Runtime.releaseObject', { objectId: 'field' })).toBe(true)
    expect(gaveUp('Runtime.releaseObject', { objectId: 'another' })).toBe(false)
    expect(gaveUp('Runtime.releaseObject', { objectId: 'field' }, null)).toBe(false)
    expect(gaveUp('Runtime.callFunctionOn', evaluation(page, '() => 1').params)).toBe(false)
    expect(gaveUp('Page.captureScreenshot', {})).toBe(false)
  })

  it('takes a client that finds elements by a snapshot for the MCP server', () => {
    dialect.intercept(attempt(page))
    expect(dialect.client()).toBe('playwright')
    const parsed = { parts: [{ name: 'aria-ref', body: 'e12' }] }
    const byReference = { arguments: [{ value: { info: parsed } }] }
    dialect.intercept(commandOf(agent, page, 'Runtime.callFunctionOn', byReference))
    expect(dialect.client()).toBe('playwright-mcp')
  })

  it('keeps the refusal of an action that was given up from the next one', () => {
    const press = commandOf(agent, page, 'Input.dispatchMouseEvent', { type: 'mousePressed' })
    expect(dialect.gaveUp(evaluation(page, '(h) => h.stop()'))).toBe(true)
    dialect.refuse(press, denied)
    expect(agent.sent.at(-1)).toEqual({ fail: press.id, message: denied.text })
    expect(dialect.intercept(attempt(page))).toBe(false)

    refusePress()
    expect(dialect.intercept(attempt(page))).toBe(true)
  })
})
