import { describe, expect, it } from 'vitest'
import { isOwnAddress, isVisible, visitable } from '#companion/gateway/visible.ts'

describe('visitable', () => {
  it.each([
    ['http://a.test', 'http://a.test/'],
    ['HTTPS://A.test/x', 'https://a.test/x'],
    ['about:blank', 'about:blank'],
    ['about:blank#x', 'about:blank#x'],
    ['data:text/html,x', 'data:text/html,x'],
    [' http://a.test/\n', 'http://a.test/'],
  ])('%j is, as %j', (text, href) => {
    expect(visitable(text)?.href).toBe(href)
  })

  it.each([
    'about:version',
    'about:srcdoc',
    'chrome://settings',
    'Chrome-Extension://x/',
    'file:///etc/passwd',
    'FILE:/etc/passwd',
    'view-source:http://a.test/',
    'javascript:alert(1)',
    'java\tscript:alert(1)',
    'devtools://x',
    'filesystem:http://a.test/x',
    'ftp://a.test/',
    'nothing',
    '',
  ])('%j is not', (text) => {
    expect(visitable(text)).toBeNull()
  })
})

describe('isOwnAddress', () => {
  const ports = new Set([4763, 80])

  it.each([
    'http://127.0.0.1:4763/',
    'http://localhost:4763/v1/holds',
    'http://LOCALHOST.:4763/',
    'http://a.localhost:4763/',
    'http://127.9.9.9:4763/',
    'http://0x7f.1:4763/',
    'http://2130706433:4763/',
    'http://0.0.0.0:4763/',
    'http://[::1]:4763/',
    'http://[::]:4763/',
    'http://[::ffff:127.0.0.1]:4763/',
    'http://user:pass@127.0.0.1:4763/',
    'https://localhost:4763/',
    'ws://localhost:4763/v1/link',
    'blob:http://127.0.0.1:4763/4b1c',
    'http://localhost/',
  ])('%s is', (url) => {
    expect(isOwnAddress(url, ports)).toBe(true)
  })

  it.each([
    'http://127.0.0.1:4764/',
    'http://example.com:4763/',
    'http://localhost.example.com:4763/',
    'https://localhost/',
    'http://128.0.0.1:4763/',
    'http://10.0.0.1:4763/',
    'data:text/html,http://localhost:4763/',
    'about:blank',
    '',
  ])('%s is not', (url) => {
    expect(isOwnAddress(url, ports)).toBe(false)
  })
})

describe('isVisible', () => {
  it('shows pages, frames and workers of the web', () => {
    for (const type of ['page', 'iframe', 'worker', 'shared_worker', 'service_worker', 'tab'])
      for (const url of [
        '',
        'http://a.test/',
        'about:blank',
        'blob:http://a.test/1',
        'chrome-error://chromewebdata/',
      ])
        expect(isVisible(type, url), `${type} ${url}`).toBe(true)
  })

  it('hides what is the browser’s own', () => {
    for (const type of ['browser', 'browser_ui', 'background_page', 'other', 'auction_worklet', ''])
      expect(isVisible(type, 'http://a.test/'), type).toBe(false)
    for (const url of [
      'chrome://x',
      'chrome-extension://x',
      'chrome-untrusted://x',
      'devtools://x',
      'file:///x',
      'view-source:x',
    ])
      expect(isVisible('page', url), url).toBe(false)
  })
})
