import { describe, expect, it } from 'vitest'
import { agrees } from '#companion/gateway/cause-agrees.ts'
import { describeRequest } from '#companion/gateway/describe-request.ts'
import {
  bodyOf,
  isMutating,
  methodOverride,
  pausedRequest,
} from '#companion/gateway/paused-request.ts'
import { isReadForm } from '#companion/gateway/read-form.ts'
import { readBody } from '#companion/gateway/request-body.ts'
import { fetchPatterns } from '#companion/gateway/request-patterns.ts'
import { classify } from '#shared/classify/classify.ts'
import { Descriptor } from '#shared/protocol/descriptor.ts'
import { descriptor } from '../companion/bench.ts'

const url = 'https://app.example.com/api/things'
const mutates = (method: string, to = url, headers: Record<string, string> = {}) =>
  isMutating({ method, url: to, headers }, (flagged) => flagged.endsWith('/delete'))

describe('an input and the request it causes', () => {
  const input = (more: Partial<Descriptor> = {}) =>
    descriptor({
      target: { role: 'button', name: 'Save', tag: 'button', path: '', hints: [] },
      terms: { amounts: [], recipients: [], rows: null },
      ...more,
    })
  const sent = (method: string, to: string, body = '', contentType = 'application/json') =>
    describeRequest({
      run: { id: 'run_1' },
      provenance: 'agent',
      page: { url, title: '', topUrl: url, top: true },
      cause: null,
      ...{ method, override: '', url: to, kind: 'fetch', contentType, sideEffect: false },
      body: readBody({ method, url: to, contentType, body: Buffer.from(body), partial: false }),
    })
  const button = (name: string) => input({ target: { ...input().target, name } })
  const amount = (value: string) =>
    input({
      form: {
        method: 'post',
        action: url,
        fields: [{ label: 'Amount', name: 'amount', type: 'text', value, secret: false }],
      },
    })

  it.each([
    ['a save', button('Save'), sent('POST', url), true],
    [
      'a transfer behind a save',
      button('Save'),
      sent('POST', 'https://app.example.com/transfer'),
      false,
    ],
    [
      'a transfer behind a payment',
      button('Pay now'),
      sent('POST', 'https://app.example.com/transfer'),
      true,
    ],
    ['a DELETE behind a save', button('Save'), sent('DELETE', url), false],
    ['a DELETE behind a delete', button('Delete'), sent('DELETE', url), true],
    [
      'a mail behind a save',
      button('Save'),
      sent('POST', 'https://app.example.com/mail/send'),
      false,
    ],
    [
      'an address that only sounds like it',
      button('Save'),
      sent('POST', 'https://app.example.com/api/requests'),
      true,
    ],
    [
      'the same amount, written otherwise',
      amount('25.00'),
      sent('POST', url, '{"amount":25}'),
      true,
    ],
    [
      'the same amount in cents',
      amount('25.00'),
      sent('POST', url, '{"order":{"amount":2500}}'),
      true,
    ],
    ['another amount', amount('25.00'), sent('POST', url, '{"amount":26}'), false],
    [
      'a hundred times the amount, in a form',
      amount('25.00'),
      sent('POST', url, 'amount=2500', 'application/x-www-form-urlencoded'),
      false,
    ],
    [
      'the same recipient',
      input({ terms: { amounts: [], recipients: ['ann@example.com'], rows: null } }),
      sent('POST', url, '{"to":["Ann@example.com"]}'),
      true,
    ],
    [
      'another recipient',
      input({ terms: { amounts: [], recipients: ['ann@example.com'], rows: null } }),
      sent('POST', url, '{"to":["ann@example.com"],"bcc":"eve@example.com"}'),
      false,
    ],
  ])('%s', (_, cause, request, is) => {
    expect(agrees(cause, request, classify)).toBe(is)
  })
})

describe('a search or a log-in that was let go without a question', () => {
  const site = 'https://app.example.com'
  const search = (action: string) =>
    descriptor({
      page: { url: `${site}/`, title: '', top: true },
      form: { method: 'post', action, purpose: 'search', fields: [] },
    })
  it.each([
    ['a search', '/search', true],
    ['a log-in', '/login', true],
    ['an address that says nothing', '/', true],
    ['an approval', '/approve/17', false],
    ['a subscription', '/subscribe', false],
    ['another site', 'https://evil.example/search', false],
  ])('%s', (_, to, is) => {
    const action = new URL(to, site).href
    const request = { method: 'POST', url: action, kind: 'navigation' }
    const sent = descriptor({ gesture: 'request', request })
    expect(isReadForm(search(action), sent, classify)).toBe(is)
  })
})

describe('what has to be decided about', () => {
  it.each([
    ['GET', url, {}, false],
    ['HEAD', url, {}, false],
    ['OPTIONS', `${url}/delete`, {}, false],
    ['POST', url, {}, true],
    ['PROPFIND', url, {}, true],
    ['GET', `${url}/delete`, {}, true],
    ['GET', url, { 'X-HTTP-Method-Override': 'DELETE' }, true],
    ['GET', `${url}?_method=delete`, {}, true],
    ['GET', `${url}?a=1&%5Fmethod=put`, {}, true],
    ['GET', `${url}?query=mutation%20%7Ba%7D`, {}, true],
    ['GET', `${url}?query=shoes`, {}, false],
  ])('%s %s', (method, to, headers, is) => {
    expect(mutates(method, to, headers)).toBe(is)
  })

  it('names the method that overrides', () => {
    expect(methodOverride(url, { 'x-http-method': 'patch' })).toBe('PATCH')
    expect(methodOverride(`${url}?_method=put`, {})).toBe('PUT')
    expect(methodOverride(url, {})).toBe('')
  })
})

describe('a paused request', () => {
  it('has its whole body, and tells where a file on disk is missing', () => {
    const entries = (...parts: (string | null)[]) => ({
      requestId: 'interception-job-3.2',
      redirectedRequestId: 'interception-job-3.1',
      networkId: '1.2',
      frameId: 'F',
      resourceType: 'XHR',
      request: {
        ...{ method: 'POST', url, headers: { Accept: '*/*' }, hasPostData: true },
        postDataEntries: parts.map((part) =>
          part === null ? {} : { bytes: Buffer.from(part).toString('base64') },
        ),
      },
    })
    const whole = pausedRequest(entries('a=', '1'))
    expect(whole).toMatchObject({ method: 'POST', hop: 2, network: '1.2', frame: 'F' })
    expect(bodyOf(whole)).toEqual({ body: Buffer.from('a=1'), partial: false })
    expect(bodyOf(pausedRequest(entries('a=', null))).partial).toBe(true)
    expect(bodyOf(pausedRequest({ request: {} })).partial).toBe(false)
  })

  it('waits by kind, and on the hosts that the policy lists by host', () => {
    const patterns = fetchPatterns([
      'https://crm.example.com:8080/x/**',
      'https://*.shop.example/*',
      '**',
    ])
    const hosts = patterns.flatMap(({ urlPattern, resourceType }) =>
      resourceType === undefined ? [urlPattern] : [],
    )
    expect(patterns.some(({ resourceType }) => resourceType === 'Script')).toBe(false)
    expect(fetchPatterns([], true)).toContainEqual({
      ...{ urlPattern: '*', resourceType: 'Script', requestStage: 'Request' },
    })
    expect(hosts).toEqual(['https://*crm.example.com*', 'https://*shop.example*', '*'])
    expect(patterns.some(({ resourceType }) => resourceType === 'Image')).toBe(false)
  })
})

describe('the description of a request', () => {
  const describeIt = (
    method: string,
    body: string,
    more: { url?: string; override?: string; sideEffect?: boolean } = {},
  ) => {
    const to = more.url ?? url
    const contentType = 'application/json'
    return describeRequest({
      run: { id: 'run_1' },
      provenance: 'agent',
      page: {
        url: 'https://app.example.com/',
        title: 'App',
        topUrl: 'https://app.example.com/',
        top: true,
      },
      cause: null,
      method,
      override: '',
      url: to,
      kind: 'fetch',
      contentType,
      body: readBody({ method, url: to, contentType, body: Buffer.from(body), partial: false }),
      sideEffect: false,
      ...more,
    })
  }
  const capability = (d: Descriptor) => classify(d).capability

  it('is a Descriptor, however long what it is made from', () => {
    const long = describeIt(
      'POST',
      JSON.stringify({ ['k'.repeat(9000)]: '\ud800x'.repeat(9000) }),
      {
        url: `${url}?${'x'.repeat(20_000)}`,
      },
    )
    expect(Descriptor.safeParse(long).error).toBeUndefined()
    expect(JSON.stringify(long)).not.toMatch(/\\ud800/)
  })

  it('is judged by the request', () => {
    expect(capability(describeIt('POST', '{"a":1}'))).not.toBe('read')
    expect(capability(describeIt('DELETE', ''))).toBe('delete')
    expect(capability(describeIt('GET', '', { sideEffect: true }))).not.toBe('read')
    expect(capability(describeIt('GET', '', { override: 'DELETE' }))).toBe('delete')
    const graphql = 'https://app.example.com/graphql'
    expect(capability(describeIt('POST', '{"query":"query Me { me }"}', { url: graphql }))).toBe(
      'read',
    )
    expect(
      capability(describeIt('POST', '{"query":"mutation { deleteAll }"}', { url: graphql })),
    ).not.toBe('read')
    expect(capability(describeIt('POST', '{"doc_id":"1"}', { url: graphql }))).not.toBe('read')
    expect(capability(describeIt('POST', '{"query":"{ me }"}'))).not.toBe('read')
  })
})
