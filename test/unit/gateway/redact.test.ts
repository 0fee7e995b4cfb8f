import { describe, expect, it } from 'vitest'
import { methodGroups } from '#companion/gateway/allowlist.ts'
import type { Params } from '#companion/gateway/cdp.ts'
import { mayHoldSecret, redactEvent, redactor } from '#companion/gateway/redact.ts'
import { protocolEvents } from './protocol.ts'

const SECRET = 's3cr3t'

/** What an agent is shown of an answer or event, and that the original stays as it was. */
function shown(method: string, params: Params): Params {
  const redact = redactor(method) ?? redactEvent(method)
  if (!redact) throw new Error(`${method} is passed on unread`)
  const before = JSON.stringify(params)
  expect(mayHoldSecret(before)).toBe(true)
  const after = redact(params)
  expect(JSON.stringify(params)).toBe(before)
  expect(JSON.stringify(after)).not.toContain(SECRET)
  return after
}

const session = { name: 'sid', value: SECRET, domain: 'a.example', path: '/', httpOnly: true }
const open = { name: 'theme', value: 'dark', domain: 'a.example', path: '/', httpOnly: false }
const password = { nodeId: 3, nodeName: 'INPUT', attributes: ['type', 'password', 'value', SECRET] }

/** As Chromium 156 lists them: what is inside first, a shadow root in its host. */
const FLAT = [
  { nodeId: 5, parentId: 4, nodeName: '#text', nodeValue: SECRET },
  { nodeId: 4, parentId: 2, nodeName: 'DIV', nodeValue: '' },
  { ...password, shadowRoots: [{ nodeId: 2, nodeName: '#document-fragment', children: [] }] },
  { nodeId: 6, parentId: 1, nodeName: '#text', nodeValue: 'bob' },
]

describe('cookies', () => {
  it.each(['Storage.getCookies', 'Network.getCookies', 'Network.getAllCookies'])(
    '%s leaves those out that the page cannot read',
    (method) => {
      expect(shown(method, { cookies: [session, open] })).toEqual({ cookies: [open] })
    },
  )

  it('are left out of what a request took along, and of what an answer set', () => {
    const sent = {
      requestId: '1',
      headers: { Cookie: `sid=${SECRET}; theme=dark`, Accept: '*/*' },
      associatedCookies: [
        { cookie: session, blockedReasons: [] },
        { cookie: open, blockedReasons: [] },
      ],
    }
    expect(shown('Network.requestWillBeSentExtraInfo', sent)).toEqual({
      requestId: '1',
      headers: { Accept: '*/*' },
      associatedCookies: [{ cookie: open, blockedReasons: [] }],
    })
    const received = {
      requestId: '1',
      headers: { 'set-cookie': `sid=${SECRET}; HttpOnly\ntheme=dark`, 'content-type': 'text/html' },
      headersText: `HTTP/1.1 200 OK\r\nset-cookie: sid=${SECRET}; HttpOnly\r\ncontent-type: text/html\r\n\r\n`,
      blockedCookies: [
        {
          blockedReasons: ['InvalidDomain'],
          cookieLine: `bad=${SECRET}; HttpOnly`,
          cookie: session,
        },
        { blockedReasons: ['InvalidDomain'], cookieLine: `worse=${SECRET}; HttpOnly` },
      ],
      exemptedCookies: [{ cookieLine: `x=${SECRET}`, cookie: session, exemptionReason: 'None' }],
    }
    expect(shown('Network.responseReceivedExtraInfo', received)).toEqual({
      requestId: '1',
      headers: { 'content-type': 'text/html' },
      headersText: 'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n',
      blockedCookies: [{ blockedReasons: ['InvalidDomain'], cookieLine: 'worse=' }],
      exemptedCookies: [],
    })
  })

  it('are left out of issues', () => {
    const details = {
      cookieIssueDetails: { rawCookieLine: `sid=${SECRET}`, operation: 'SetCookie' },
    }
    expect(shown('Audits.issueAdded', { issue: { code: 'CookieIssue', details } })).toEqual({
      issue: { code: 'CookieIssue', details: { cookieIssueDetails: { operation: 'SetCookie' } } },
    })
  })
})

describe('headers with credentials', () => {
  const headers = {
    authorization: `Bearer ${SECRET}`,
    'PROXY-Authorization': SECRET,
    'x-holdpoint-stamp': SECRET,
    'X-Api-Key': SECRET,
    Accept: '*/*',
  }
  const list = Object.entries(headers).map(([name, value]) => ({ name, value }))

  it.each<[string, Params]>([
    ['Network.requestWillBeSent', { request: { url: 'https://a.example', headers } }],
    ['Network.requestWillBeSent', { redirectResponse: { headers, requestHeaders: headers } }],
    ['Network.responseReceived', { response: { requestHeaders: headers, headers } }],
    ['Network.responseReceivedEarlyHints', { headers }],
    ['Network.webSocketWillSendHandshakeRequest', { request: { headers } }],
    [
      'Network.webSocketHandshakeResponseReceived',
      { response: { headers, requestHeadersText: `GET / HTTP/1.1\r\nCookie: ${SECRET}\r\n\r\n` } },
    ],
    ['Network.signedExchangeReceived', { info: { outerResponse: { headers } } }],
    ['Network.signedExchangeReceived', { info: { header: { responseHeaders: headers } } }],
    ['Fetch.requestPaused', { request: { headers }, responseHeaders: list }],
    ['Fetch.authRequired', { request: { headers } }],
  ])('are left out of %s', (method, params) => {
    expect(JSON.stringify(shown(method, params))).not.toMatch(/authorization|stamp|api-key/i)
  })

  it('leave the others as they are', () => {
    const params = { request: { headers, url: 'https://a.example' }, responseHeaders: list, x: [1] }
    expect(shown('Fetch.requestPaused', params)).toEqual({
      request: { headers: { Accept: '*/*' }, url: 'https://a.example' },
      responseHeaders: [{ name: 'Accept', value: '*/*' }],
      x: [1],
    })
  })
})

describe('passwords', () => {
  const typed = { nodeId: 4, children: [{ nodeId: 5, nodeName: '#text', nodeValue: SECRET }] }
  const field = { ...password, shadowRoots: [{ ...typed, shadowRootType: 'user-agent' }] }
  const plain = { nodeId: 6, nodeName: 'INPUT', attributes: ['type', 'text', 'value', 'bob'] }

  it.each<[string, Params]>([
    ['DOM.getDocument', { root: { nodeName: 'HTML', children: [field, plain] } }],
    [
      'DOM.getDocument',
      { root: { children: [{ contentDocument: { children: [field, plain] } }] } },
    ],
    ['DOM.getFlattenedDocument', { nodes: [plain, field] }],
    ['DOM.getFlattenedDocument', { nodes: FLAT }],
    ['DOM.describeNode', { node: { nodeName: 'FORM', shadowRoots: [field], children: [plain] } }],
    ['DOM.setChildNodes', { parentId: 1, nodes: [field, plain] }],
    ['DOM.childNodeInserted', { node: { templateContent: field, children: [plain] } }],
  ])('are masked in %s', (method, params) => {
    expect(JSON.stringify(shown(method, params))).toContain('"bob"')
  })

  it('are masked in markup', () => {
    const outerHTML = `<form><input name="u" value="bob"><input type="password" value="${SECRET}" name="p">`
    expect(shown('DOM.getOuterHTML', { outerHTML })).toEqual({
      outerHTML:
        '<form><input name="u" value="bob"><input type="password" value="••••••••" name="p">',
    })
  })

  it('are masked in snapshots', () => {
    const strings = ['INPUT', 'type', 'password', 'value', SECRET, 'text', 'bob', `${SECRET}typed`]
    const nodes = {
      nodeName: [0, 0],
      attributes: [
        [1, 2, 3, 4],
        [1, 5, 3, 6],
      ],
      inputValue: { index: [0, 1], value: [7, 6] },
    }
    expect(shown('DOMSnapshot.captureSnapshot', { documents: [{ nodes }], strings })).toEqual({
      documents: [{ nodes }],
      strings: ['INPUT', 'type', 'password', 'value', '••••••••', 'text', 'bob', '••••••••'],
    })
    const pairs = (type: string, value: string) => [
      { name: 'type', value: type },
      { name: 'value', value },
    ]
    const domNodes = [
      { nodeName: 'INPUT', attributes: pairs('password', SECRET), inputValue: SECRET },
      { nodeName: 'INPUT', attributes: pairs('text', 'bob'), inputValue: 'bob' },
    ]
    const after = shown('DOMSnapshot.getSnapshot', { domNodes })
    expect(after.domNodes).toContainEqual(domNodes[1])
  })
})

describe('what is passed on unread', () => {
  it('is everything that has nothing to hide', () => {
    for (const method of [
      'Runtime.evaluate',
      'Page.captureScreenshot',
      'Accessibility.getFullAXTree',
    ])
      expect(redactor(method)).toBeNull()
    for (const event of [
      'Runtime.consoleAPICalled',
      'Network.dataReceived',
      'Page.screencastFrame',
    ])
      expect(redactEvent(event)).toBeNull()
  })

  it('is no cookie that an open method returns', () => {
    const open = methodGroups
      .filter((group) => group.class === 'allow')
      .flatMap((group) => group.methods)
    const cookies = open.filter((method) => /get\w*Cookies$/.test(method))
    expect(cookies.length).toBe(3)
    expect(cookies.filter((method) => !redactor(method))).toEqual([])
  })

  it('is what names nothing secret, in any case', () => {
    for (const word of [
      'SeT-cOOkie',
      'AUTHORIZATION',
      'PassWord',
      'X-Api-Key',
      'X-Holdpoint-Stamp',
    ])
      expect(mayHoldSecret(`{"headers":{"${word}":"x"}}`)).toBe(true)
    expect(mayHoldSecret('{"headers":{"accept":"*/*"},"url":"https://example.com/"}')).toBe(false)
  })

  it('has no event among what is redacted that there is not', () => {
    const events = [...protocolEvents].filter((event) => redactEvent(event))
    expect(events.length).toBe(13)
  })

  it.each([
    [{ cookies: 'none' }],
    [{ cookies: [null, 5, { value: 'x' }] }],
    [
      {
        documents: [5, { nodes: { nodeName: 'x', attributes: null, inputValue: 5 } }],
        strings: null,
      },
    ],
    [{ root: null, nodes: [null, { nodeName: 5, attributes: 'x' }], node: [] }],
    [{ headers: null, headersText: 5, associatedCookies: 5, blockedCookies: [null] }],
  ])('does not stumble over %o', (params) => {
    for (const name of ['Storage.getCookies', 'DOM.getDocument', 'DOMSnapshot.captureSnapshot'])
      expect(() => redactor(name)?.(params)).not.toThrow()
    expect(() => redactEvent('Network.responseReceivedExtraInfo')?.(params)).not.toThrow()
  })
})
