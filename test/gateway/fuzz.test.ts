import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { allowedUrl, verdictOn } from '#companion/gateway/allowlist.ts'
import type { Params } from '#companion/gateway/cdp.ts'
import { type Parameter, protocolMethods } from '../unit/gateway/protocol.ts'
import { type FakeRun, FOREIGN, OWN, type Sent, startFakeRun } from './fake-browser.ts'

/** What must never come out of the pipe, written down apart from the list that is tested. */
const NEVER =
  /^(?:Extensions|Tethering|PWA|SystemInfo|Tracing|Cast|WebAuthn|BluetoothEmulation|SmartCardEmulation|FileSystem|DOMStorage|IndexedDB|CacheStorage|BackgroundService)\.|\.(?:sendMessageToTarget|exposeDevToolsProtocol|setRemoteLocations|openDevTools|executeBrowserCommand|crash|setIgnoreCertificateErrors|setBypassCSP|loadNetworkResource|replayXHR|addCompilationCache|terminateExecution|setScriptSource|setBreakpoint(?:ByUrl|OnFunctionCall)?|pause|evaluateOnCallFrame|setVirtualTimePolicy|clear(?:Browser)?Cookies|clearBrowserCache|clearDataFor\w+|setIgnoreInputEvents|getObjectByHeapObjectId|getFileInfo|dispatch(?:Periodic)?SyncEvent|deliverPushMessage)$|^Browser\.close$|^Input\./

/** Commands that the companion itself may send while the agent talks. */
const COMPANION =
  /^(?:Target\.(?:attachToBrowserTarget|getTargetInfo|detachFromTarget|closeTarget|disposeBrowserContext)|Runtime\.runIfWaitingForDebugger)$/

let run: FakeRun
let from: number

beforeEach(async () => {
  run = await startFakeRun()
  from = run.browser.sent.length
})

afterEach(async () => {
  await run.idle()
  // Unless something came through, nothing was tested.
  expect(run.browser.sent.length - from).toBeGreaterThan(50)
  expect(run.browser.sent.slice(from).flatMap(wrongWith)).toEqual([])
  const byText = run.told.filter((text) => FOREIGN.sessions.some((id) => text.includes(`"${id}"`)))
  expect(byText.filter((text) => !text.includes('"error"'))).toEqual([])
})

function wrongWith(sent: Sent): string[] {
  const { method, params, sessionId } = sent
  const of = (what: string) => [`${what}: ${JSON.stringify(sent).slice(0, 300)}`]
  if (sessionId === undefined || /^COMPANION/.test(sessionId))
    return COMPANION.test(method) ? [] : of('on a session of the companion')
  const level = /^AGENT\d+$/.exec(sessionId) ? 'root' : 'target'
  if (!/^AGENT\d+(?:PAGE)?$/.test(sessionId)) return of('on a foreign session')
  if (NEVER.test(method)) return of('never')
  const verdict = verdictOn(method, params, level)
  if (verdict.class !== 'allow' && verdict.class !== 'guard') return of(verdict.class)
  if (verdict.class === 'allow' && verdict.params && !isDeepStrictEqual(verdict.params, params))
    return of('parameters were not rewritten')
  if (/^Target\.(?:attachToTarget|setAutoAttach)$/.test(method) && params.flatten !== true)
    return of('not flat')
  if (level === 'root' && method.startsWith('Fetch.')) return of('intercepts at the browser')
  if (
    /^(?:Page\.navigate|Target\.createTarget)$/.test(method) &&
    !allowedUrl(`${params.url ?? ''}`)
  )
    return of('closed address')
  // What the mux sends by itself, to leave a target that the agent must not see.
  if (method === 'Target.detachFromTarget') return []
  const { targetId, browserContextId } = params
  return (targetId !== undefined && targetId !== OWN.target) ||
    (browserContextId !== undefined && browserContextId !== OWN.context)
    ? of('foreign id')
    : []
}

let last = 0

function frame(method: string, params: Params, sessionId: string | undefined): string {
  return JSON.stringify({ id: ++last, method, params, sessionId })
}

const HUGE = [Number.MAX_SAFE_INTEGER, -1, 1e300, 0.5, 2 ** 31]
const ODD: unknown[] = [
  null,
  true,
  [],
  {},
  '',
  'x',
  ...HUGE,
  '\u0000',
  { flatten: false },
  ['PAGE'],
]

/** A value as the protocol wants it there. */
function plausible({ name, type, $ref, enum: words }: Parameter): unknown {
  if (/targetId/i.test(name)) return OWN.target
  if (/browserContextId/i.test(name)) return OWN.context
  if (/url/i.test(name)) return 'https://example.com/'
  if (words?.[0] !== undefined) return words[0]
  if ($ref !== undefined) return /Id$/.test($ref) ? '1' : {}
  return { string: 'x', integer: 1, number: 1, boolean: true, array: [], object: {} }[type ?? '']
}

function mutated(parameters: Parameter[], turn: number): Params {
  const params: Params = { flatten: false, sessionId: FOREIGN.sessions[turn % 4], extra: ODD }
  for (const [at, parameter] of parameters.entries()) {
    const { name } = parameter
    if (/targetId/i.test(name)) params[name] = FOREIGN.targets[turn % FOREIGN.targets.length]
    else if (/contextId/i.test(name)) params[name] = FOREIGN.context
    else if (/url/i.test(name)) params[name] = URLS[turn % URLS.length]
    else params[name] = ODD[(turn + at) % ODD.length]
  }
  return params
}

const URLS = ['chrome://settings', 'file:///etc/passwd', 'http://127.0.0.1:4711/', ' javascript:1']

it('sends no denied method of the protocol, on any session, with any parameters', async () => {
  for (const [turn, { name, parameters }] of protocolMethods.entries()) {
    const { root, page } = run.sessions()
    const params = Object.fromEntries(parameters.map((one) => [one.name, plausible(one)]))
    for (const sessionId of [undefined, page, root, ...FOREIGN.sessions, 'MADEUP', ''])
      for (const tried of [params, {}, mutated(parameters, turn), mutated(parameters, turn + 5)])
        await run.say(frame(name, tried, sessionId))
  }
  expect(run.held.length).toBeGreaterThan(50)
})

it('sends every open method that a client would send', async () => {
  const { page } = run.sessions()
  const open = protocolMethods.filter(({ name, parameters }) => {
    const params = Object.fromEntries(parameters.map((one) => [one.name, plausible(one)]))
    return verdictOn(name, params, 'target').class === 'allow'
  })
  expect(open.length).toBeGreaterThan(350)
  for (const { name, parameters } of open) {
    const params = Object.fromEntries(parameters.map((one) => [one.name, plausible(one)]))
    await run.say(frame(name, params, page))
  }
  await run.idle()
  const sent = new Set(run.browser.sent.slice(from).map(({ method }) => method))
  // Those that need a window, a session or a context which the agent was told of before.
  expect(open.map(({ name }) => name).filter((name) => !sent.has(name))).toEqual([
    'Browser.getWindowBounds',
    'Browser.setContentsSize',
    'Browser.setWindowBounds',
    'Target.detachFromTarget',
    'Target.disposeBrowserContext',
  ])
})

it('sends nothing that is only spelled like a method', async () => {
  const spellings = (name: string) => [
    name.toLowerCase(),
    name.toUpperCase(),
    ` ${name}`,
    `${name} `,
    `${name}\u0000`,
    name.replace('.', '..'),
    name.replace('.', '\u2024'),
    name.replace(/[ae]/, (letter) => (letter === 'a' ? 'а' : 'е')),
    `Root.${name}`,
    `${name}.${name}`,
  ]
  const { page } = run.sessions()
  for (const { name } of protocolMethods)
    for (const method of spellings(name))
      if (method !== name) await run.say(frame(method, {}, page))
  await run.idle()
  expect(run.browser.sent.slice(from)).toEqual([])
  for (let at = 0; at < 60; at++) await run.say(frame('Page.getFrameTree', {}, page))
})

it('sends nothing by a message that two readers could read differently', async () => {
  const { page } = run.sessions()
  const session = `"sessionId":"${page}"`
  for (const { name } of protocolMethods) {
    const id = () => `"id":${++last}`
    for (const text of [
      `{${id()},"method":"Page.getFrameTree","method":"${name}",${session}}`,
      `{${id()},"method":"${name}","method":"Page.getFrameTree",${session}}`,
      `{${id()},"method":"Page.getFrameTree","\\u006dethod":"${name}",${session}}`,
      `{${id()},"method":"Page.getFrameTree",${session},"sessionId":"COMPANIONPAGE"}`,
      `{${id()},"method":"${name.replace('.', '\\u002e')}",${session}}`,
      `{"id":1.5,"method":"${name}",${session}}`,
      `{"id":"1","method":"${name}",${session}}`,
      `{"method":"${name}",${session}}`,
      `[{${id()},"method":"${name}",${session}}]`,
      `\uFEFF{${id()},"method":"${name}",${session}}`,
      `{${id()},"method":"${name}",${session}}\u0000{${id()},"method":"Browser.crash"}`,
      `{${id()},"method":["${name}"],${session}}`,
      `{${id()},"method":"${name}","sessionId":["${page}"]}`,
      `{${id()},"method":"${name}","params":[],${session}}`,
      `{${id()},"method":"${name}","params":{"__proto__":{"flatten":false}},${session}}`,
    ])
      await run.say(text)
  }
  await run.say(
    `{"id":1,"method":"Runtime.evaluate","params":${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}}`,
  )
})

it('smuggles no command through another one', async () => {
  const { page } = run.sessions()
  const message = JSON.stringify({ id: 1, method: 'Browser.crash', params: {} })
  for (let turn = 0; turn < 60; turn++)
    for (const sessionId of [undefined, page]) {
      const inner = { message, sessionId: FOREIGN.sessions[turn % 4], targetId: OWN.target }
      await run.say(frame('Target.sendMessageToTarget', inner, sessionId))
      await run.say(
        frame('Target.setAutoAttach', { autoAttach: true, flatten: turn % 2 }, sessionId),
      )
      await run.say(
        frame('Target.attachToTarget', { targetId: 'PAGE', flatten: 'false' }, sessionId),
      )
      await run.say(frame('Debugger.enable', {}, sessionId))
      await run.say(frame('Debugger.disable', {}, sessionId))
      await run.say(frame('Debugger.setSkipAllPauses', { skip: false }, sessionId))
    }
  await run.idle()
  const methods = run.browser.sent.slice(from).map(({ method }) => method)
  for (const [at, method] of methods.entries())
    if (method === 'Debugger.enable') expect(methods[at - 1]).toBe('Debugger.setSkipAllPauses')
})

it('sends nothing wrong for any command at all', async () => {
  const names = protocolMethods.map(({ name }) => name)
  const keys = [
    ...new Set(protocolMethods.flatMap(({ parameters }) => parameters.map((p) => p.name))),
  ]
  const words = [OWN.target, OWN.context, ...FOREIGN.targets, FOREIGN.context, ...URLS]
  const value = fc.oneof(fc.constantFrom<unknown>(...words, ...ODD), fc.jsonValue({ maxDepth: 2 }))
  const command = fc.record({
    method: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.string()),
    params: fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), value, { maxKeys: 5 }),
    session: fc.constantFrom('root', 'page', 'page', ...FOREIGN.sessions),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 20 }), async (commands) => {
      for (const { method, params, session } of commands) {
        const { page } = run.sessions()
        const sessionId = session === 'root' ? undefined : session === 'page' ? page : session
        const before = run.browser.sent.length
        await run.say(frame(method, params, sessionId))
        await run.idle()
        expect(run.browser.sent.slice(before).flatMap(wrongWith)).toEqual([])
      }
    }),
    { numRuns: 300 },
  )
})
