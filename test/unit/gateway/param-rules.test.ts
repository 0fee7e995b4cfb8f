import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { allowedUrl, verdictOn } from '#companion/gateway/allowlist.ts'

const on = (method: string, params: Record<string, unknown>) => verdictOn(method, params, 'target')
const classOf = (method: string, params: Record<string, unknown>) => on(method, params).class

describe('addresses an agent may go to', () => {
  it.each([
    'https://example.com/',
    'HTTP://EXAMPLE.COM',
    ' https://example.com ',
    'http://user:word@localhost:8080/a?b#c',
    'about:blank',
    'about:blank#x',
    'data:text/html,<p>',
    'blob:https://example.com/0-1',
    'blob:null/0-1',
    '',
  ])('open: `%s`', (url) => {
    expect(allowedUrl(url)).toBe(true)
    expect(classOf('Page.navigate', { url })).toBe('allow')
    expect(classOf('Target.createTarget', { url })).toBe('allow')
  })

  it.each([
    'chrome://settings',
    ' CHROME://extensions',
    'chrome-extension://abc/page.html',
    'chrome-untrusted://x',
    'about:settings',
    'about:srcdoc',
    'file:///etc/passwd',
    'FILE:/etc/passwd',
    'java\nscript:alert(1)',
    'javascript:alert(1)',
    'view-source:https://example.com',
    'devtools://devtools/bundled/inspector.html',
    'blob:chrome://settings/0-1',
    'filesystem:https://example.com/temporary/x',
    'mailto:a@example.com',
    'ftp://example.com',
    'ws://example.com',
    'intent://x',
    'example.com',
    'https://',
  ])('closed: `%s`', (url) => {
    expect(allowedUrl(url)).toBe(false)
    expect(classOf('Page.navigate', { url })).toBe('deny')
    expect(classOf('Target.createTarget', { url })).toBe('deny')
  })

  it('says of one that is not whole what a plain browser says', () => {
    for (const url of ['example.com', 'localhost/x', 'https://'])
      expect(on('Page.navigate', { url })).toMatchObject({
        message: expect.stringContaining('Cannot navigate to invalid URL'),
      })
  })

  it('takes what is no text for no address', () => {
    for (const url of [5, null, ['https://example.com'], { href: 'https://example.com' }])
      expect(classOf('Page.navigate', { url })).toBe('deny')
  })
})

describe('sessions and pages', () => {
  it('makes every session flat', () => {
    const params = { autoAttach: true, waitForDebuggerOnStart: true }
    for (const flatten of [undefined, false, 'true', 1])
      expect(on('Target.setAutoAttach', { ...params, flatten })).toEqual({
        class: 'allow',
        params: { ...params, flatten: true },
      })
    expect(on('Target.attachToTarget', { targetId: 'a', flatten: true })).toEqual({
      class: 'allow',
    })
  })

  it('leaves a proxy and access across origins out of a new context', () => {
    const params = {
      disposeOnDetach: true,
      proxyServer: 'evil:1',
      proxyBypassList: '*',
      originsWithUniversalNetworkAccess: ['https://example.com'],
    }
    expect(on('Target.createBrowserContext', params)).toEqual({
      class: 'allow',
      params: { disposeOnDetach: true },
    })
  })

  it('opens no page that no window shows', () => {
    const params = { url: 'about:blank', width: 3, hidden: true, enableBeginFrameControl: true }
    expect(on('Target.createTarget', params)).toEqual({
      class: 'allow',
      params: { url: 'about:blank', width: 3 },
    })
  })

  it.each([
    ['Page.setWebLifecycleState', { state: 'active' }, { state: 'frozen' }],
    ['Page.setPrerenderingAllowed', { isAllowed: false }, { isAllowed: true }],
    ['Debugger.setSkipAllPauses', { skip: true }, { skip: false }],
    ['Emulation.setScriptExecutionDisabled', { value: false }, { value: true }],
    ['Security.setIgnoreCertificateErrors', { ignore: false }, { ignore: true }],
    ['Emulation.setCPUThrottlingRate', { rate: 20 }, { rate: 1e9 }],
    ['Emulation.setCPUThrottlingRate', { rate: 1 }, { rate: Number.NaN }],
    ['Page.createIsolatedWorld', { worldName: '__pw_utility' }, { worldName: 'HoldPoint 1' }],
    ['Page.addScriptToEvaluateOnNewDocument', {}, { worldName: 'holdpoint' }],
    ['Runtime.addBinding', { name: 'puppeteer_x' }, { name: 'Map' }],
    ['Runtime.addBinding', { name: 'exposed' }, { name: 'getComputedStyle' }],
    ['Runtime.addBinding', { name: 'send' }, { name: 'toString' }],
    ['Runtime.addBinding', { name: 'x' }, { name: 'x', executionContextName: 'holdpoint' }],
  ])('%s: allows %o, denies %o', (method, fine, wrong) => {
    expect(classOf(method, fine)).toBe('allow')
    expect(on(method, wrong)).toMatchObject({ class: 'deny', code: 'params_denied' })
  })
})

describe('headers', () => {
  const override = 'X-HTTP-Method-Override'

  it.each([
    override,
    ' x-method-override',
    'Cookie',
    'Host',
    'Proxy-Authorization',
    'X-Holdpoint-Stamp',
  ])('an agent cannot add %s to every request', (name) => {
    expect(classOf('Network.setExtraHTTPHeaders', { headers: { [name]: 'x' } })).toBe('deny')
    expect(classOf('Network.setExtraHTTPHeaders', { headers: { 'x-mine': 'x' } })).toBe('allow')
  })

  it('a paused request goes on without a forged stamp, and to a web address only', () => {
    const requestId = 'interception-job-1.0'
    const headers = [{ name: 'X-HOLDPOINT-Stamp', value: 'x' }]
    expect(classOf('Fetch.continueRequest', { requestId, headers })).toBe('deny')
    expect(classOf('Fetch.continueRequest', { requestId, url: 'file:///etc/passwd' })).toBe('deny')
    expect(classOf('Fetch.continueRequest', { requestId, url: 'chrome://settings' })).toBe('deny')
    expect(classOf('Fetch.continueRequest', { requestId, url: 'https://example.com' })).toBe(
      'allow',
    )
    expect(classOf('Fetch.continueRequest', { requestId, headers: [null, 5] })).toBe('allow')
  })
})

describe('answers that an agent makes up', () => {
  const entry = (name: string) => ({ name, value: 'sid=1' })
  const base64 = (text: string) => Buffer.from(text).toString('base64')

  it.each(['Fetch.fulfillRequest', 'Fetch.continueResponse'])('%s sets no cookies', (method) => {
    const responseHeaders = [entry('Set-Cookie'), entry('content-type'), entry(' SET-COOKIE ')]
    expect(on(method, { requestId: '1', responseHeaders })).toEqual({
      class: 'allow',
      params: { requestId: '1', responseHeaders: [entry('content-type')] },
    })
    expect(on(method, { responseHeaders: [entry('x')] })).toEqual({ class: 'allow' })
    const sets = base64('a: b\0sEt-cookie: sid=1\0')
    expect(classOf(method, { binaryResponseHeaders: sets })).toBe('deny')
    expect(classOf(method, { binaryResponseHeaders: base64('a: b\0') })).toBe('allow')
  })
})

describe('what needs a person, and what does not', () => {
  const results = mkdtempSync(join(tmpdir(), 'holdpoint-results-'))
  const own = join(tmpdir(), 'playwright-artifacts-zEawhi')
  afterAll(() => {
    for (const folder of [results, own]) rmSync(folder, { recursive: true, force: true })
  })

  it.each([
    [{ behavior: 'allowAndName', downloadPath: own, eventsEnabled: true }],
    [{ behavior: 'allowAndName', downloadPath: join(results, '.playwright-artifacts-0') }],
    [{ behavior: 'deny' }],
    [{ behavior: 'default', eventsEnabled: true }],
  ])('a client connects with %o', (params) => {
    expect(classOf('Browser.setDownloadBehavior', params)).toBe('allow')
  })

  it.each([
    [{ behavior: 'allow', downloadPath: own }],
    [{ behavior: 'allowAndName' }],
    [{ behavior: 'allowAndName', downloadPath: '/home/user/.config/autostart' }],
    [{ behavior: 'allowAndName', downloadPath: `${own}/../../home` }],
    [{ behavior: 'allowAndName', downloadPath: '/home/user/playwright-artifacts-a1B2c3' }],
    [{ behavior: 'allowAndName', downloadPath: 'playwright-artifacts-a1B2c3' }],
    [{ behavior: 'allowAndName', downloadPath: '/src/.playwright-artifacts-0/../../home' }],
    [{ behavior: 'allowAndName', downloadPath: '/src/.playwright-artifacts-0/autostart' }],
    [{ behavior: 'allow', downloadPath: '/src/.playwright-artifacts-0' }],
    [{ behavior: 'allowAndName', downloadPath: [own] }],
    [{ behavior: 'default', downloadPath: '/home/user' }],
    [{}],
  ])('a person is asked about %o', (params) => {
    expect(classOf('Browser.setDownloadBehavior', params)).toBe('hold')
  })

  it.each([
    ['Page.handleJavaScriptDialog', { accept: false }, { accept: true }],
    ['Page.handleJavaScriptDialog', { accept: false, promptText: 'x' }, { accept: 0 }],
    ['Browser.setPermission', { setting: 'denied' }, { setting: 'granted' }],
    ['Browser.grantPermissions', { permissions: [] }, { permissions: ['geolocation'] }],
  ])('%s: allows %o, holds %o', (method, fine, asked) => {
    expect(classOf(method, fine)).toBe('allow')
    expect(classOf(method, asked)).toBe('hold')
  })
})
