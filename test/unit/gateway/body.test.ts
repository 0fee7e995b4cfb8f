import { describe, expect, it } from 'vitest'
import { documentOperation, graphqlOperations } from '#companion/gateway/operation/graphql.ts'
import { rpcMethods } from '#companion/gateway/operation/json-rpc.ts'
import { addressOperation, readBody } from '#companion/gateway/request-body.ts'

const url = 'https://app.example.com/graphql'
const read = (body: string | Buffer, contentType = 'application/json', to = url) =>
  readBody({ method: 'POST', url: to, contentType, body: Buffer.from(body), partial: false })
const json = (value: unknown, to = url) => read(JSON.stringify(value), 'application/json', to)
const values = (body: { fields: { name: string; value: string }[] }) =>
  Object.fromEntries(body.fields.map(({ name, value }) => [name, value]))

describe('GraphQL', () => {
  it.each([
    ['query Me { me { name } }', 'query Me'],
    ['{ me }', 'query'],
    ['mutation Pay($a: Int = 5) @audit { pay(amount: $a) }', 'mutation Pay'],
    ['subscription S { s }', 'subscription S'],
    ['# query\nmutation { go(text: "query { }") }', 'mutation'],
    ['fragment F on T { a } query Q { ...F }', 'query Q'],
    ['query A { a } mutation B { b }', 'mutation B'],
    ['query A { a(text: """mutation { b }""") }', 'query A'],
  ])('%s', (query, operation) => {
    expect(json({ query }).operation).toBe(operation)
  })

  it('the operation that is chosen counts, and the gravest where none is', () => {
    const query = 'query A { a } mutation B { b }'
    expect(json({ query, operationName: 'A' }).operation).toBe('query A')
    expect(json({ query, operationName: 'C' }).operation).toBe('mutation B')
  })

  it('a batch is as grave as its gravest', () => {
    expect(json([{ query: '{ a }' }, { query: 'mutation M { b }' }]).operation).toBe(
      'mutation M and 1 more',
    )
    expect(json([{ query: '{ a }' }, { query: '{ b }' }]).operation).toBe('query and 1 more')
  })

  it('a persisted query names nothing, so it is no query', () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'ab' } }
    expect(json({ operationName: 'Me', extensions }).operation).toBe('persisted Me')
    expect(json({ doc_id: '123', variables: {} }).operation).toBe('persisted')
  })

  it('a body that only looks like a query is none: other keys, no document, another address', () => {
    expect(json({ query: '{ me }', amount: 5 }).operation).toBeUndefined()
    expect(json({ query: 'shoes' }).operation).toBeUndefined()
    expect(json({ query: '{ me } }' }).operation).toBeUndefined()
    expect(json({ query: '{ me }' }, 'https://app.example.com/transfer?to=x').operation).toBe(
      'graphql query',
    )
    expect(json({ query: 'mutation { a }' }, 'https://app.example.com/api').operation).toBe(
      'mutation',
    )
  })

  it('is read in an address and as a body of its own type', () => {
    expect(addressOperation(`${url}?query=mutation%20X%7Ba%7D`)).toBe('mutation X')
    expect(addressOperation('https://x.example/find?query=shoes')).toBeUndefined()
    expect(read('mutation X { a }', 'application/graphql').operation).toBe('mutation X')
    expect(documentOperation('', '')).toBeNull()
    expect(graphqlOperations([])).toBeNull()
  })
})

describe('JSON-RPC', () => {
  it('the methods are the operation, never taken for a GraphQL query', () => {
    expect(json({ jsonrpc: '2.0', method: 'query_delete', id: 1 }).operation).toBe(
      'rpc query_delete',
    )
    expect(
      json([
        { jsonrpc: '2.0', method: 'a' },
        { jsonrpc: '2.0', method: 'b' },
      ]).operation,
    ).toBe('rpc a, b')
    expect(rpcMethods({ method: 'card', amount: 5 })).toBeNull()
  })
})

describe('bodies', () => {
  it('a form', () => {
    const body = read('to=ann%40example.com&note=a+b&note=c', 'application/x-www-form-urlencoded')
    expect(body.fields.map(({ name, value }) => [name, value])).toEqual([
      ['to', 'ann@example.com'],
      ['note', 'a b'],
      ['note', 'c'],
    ])
    expect(body.terms.recipients).toEqual(['ann@example.com'])
  })

  it('multipart, with a file by its name and the digest free of the boundary', () => {
    const form = (boundary: string, value = 'täglich') =>
      read(
        `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n${value}\r\n--${boundary}\r\nContent-Disposition: form-data; name="f"; filename="x.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--${boundary}--\r\n`,
        `multipart/form-data; boundary=${boundary}`,
      )
    expect(values(form('----WebKitFormBoundaryA'))).toEqual({ a: 'täglich', f: 'file x.pdf' })
    expect(form('----WebKitFormBoundaryA').digest).toBe(form('----WebKitFormBoundaryB').digest)
    expect(form('----WebKitFormBoundaryA').digest).not.toBe(
      form('----WebKitFormBoundaryA', 'b').digest,
    )
    // A value that spells the boundary is a value, and differs from one that spells another.
    expect(form('0123456789ab', '0123456789ab').digest).not.toBe(
      form('ba9876543210', 'ba9876543210').digest,
    )
  })

  it('JSON in depth, sent as text too', () => {
    const body = read(
      '{"order":{"items":[{"sku":"a","price":3}]},"ok":true}',
      'text/plain;charset=UTF-8',
    )
    expect(values(body)).toEqual({
      'order.items[0].sku': 'a',
      'order.items[0].price': '3',
      ok: 'true',
    })
  })

  it('many values are cut, and the last field says so', () => {
    const { fields } = json({ n: Array.from({ length: 500 }, (_, at) => at) })
    expect(fields).toHaveLength(200)
    expect(fields.at(-1)?.value).toBe('301 more')
  })

  it('secrets are masked wherever they stand', () => {
    const secrets = {
      password: 'hunter2',
      card: { number: '4111 1111 1111 1111' },
      csrf_token: 'abc',
      session: { api_key: 'k' },
    }
    const shown = JSON.stringify(json(secrets).fields)
    for (const secret of ['hunter2', '4111', '"abc"', '"k"']) expect(shown).not.toContain(secret)
  })

  it('what cannot be read is said to be so, and has a digest all the same', () => {
    const binary = read(Buffer.from([1, 0, 255]), 'application/octet-stream')
    expect(binary).toMatchObject({ uninspectable: true, fields: [] })
    expect(binary.digest).toHaveLength(64)
    expect(read('x'.repeat(1_000_001), 'text/plain').uninspectable).toBe(true)
    expect(read('{}', 'application/x-protobuf').uninspectable).toBe(false)
    expect(read('abc', 'application/x-protobuf').uninspectable).toBe(true)
    expect(read('', '')).toMatchObject({ uninspectable: false, digest: undefined })
  })

  it('how large it is, where anybody knows', () => {
    const file = { method: 'POST', url: 'https://a.example/', contentType: 'text/plain' }
    expect(read('abc', 'text/plain').terms.bytes).toBe(3)
    expect(read('', '').terms).not.toHaveProperty('bytes')
    expect(readBody({ ...file, body: Buffer.from('abc'), partial: true }).terms.bytes).toBeNull()
  })

  it('amounts with their currency, counts of rows', () => {
    expect(json({ amount: 340, currency: 'usd', ids: [1, 2, 3] }).terms).toEqual({
      amounts: [{ currency: 'USD', minor: 34000, text: '340 USD' }],
      recipients: [],
      rows: 3,
      bytes: 45,
    })
    expect(json({ total: '5' }).terms.amounts).toEqual([{ currency: null, minor: null, text: '5' }])
  })
})
