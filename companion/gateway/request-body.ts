import { createHash } from 'node:crypto'
import type { Field, Terms } from '#shared/protocol/descriptor.ts'
import { type Leaf, leaves } from './operation/flatten.ts'
import { documentOperation, type GraphqlOperation, graphqlOperations } from './operation/graphql.ts'
import { rpcMethods } from './operation/json-rpc.ts'
import { boundaryOf, multipartParts } from './operation/multipart.ts'
import { fieldsOf, termsOf } from './operation/terms.ts'
import { bodyOf, header, type PausedRequest } from './paused-request.ts'

/** A request whose body is read. */
export interface RawRequest {
  method: string
  url: string
  contentType: string
  body: Buffer
  /** A part of the body is a file that the browser reads itself. */
  partial: boolean
}

/** What a person and a rule can know of a body. */
export interface Body {
  /** SHA-256, hex; undefined for an empty body. The same for a repeat of the same multipart form. */
  digest: string | undefined
  /** Begins with `query` only where the request is GraphQL that reads. */
  operation: string | undefined
  fields: Field[]
  terms: Terms
  /** True where something of the body is not shown. */
  uninspectable: boolean
}

/** The same of a request that the browser has paused. */
export function readPaused(paused: PausedRequest): Body {
  const { method, url } = paused
  const contentType = header(paused.headers, 'content-type')
  return readBody({ method, url, contentType, ...bodyOf(paused) })
}

/** Longest body that is decoded, in bytes; a longer one is only digested. */
const DECODED = 1_000_000

/** Reads a body well enough to tell what it asks for. */
export function readBody(request: RawRequest): Body {
  const digest = digestBody(request)
  const decoded = request.body.length > DECODED ? null : decode(request)
  const leafs = decoded?.leaves ?? []
  const fields = fieldsOf(leafs)
  if (decoded && decoded.more > 0)
    fields.push({
      label: '…',
      name: '',
      type: 'text',
      value: `${decoded.more} more`,
      secret: false,
    })
  return {
    digest,
    operation: gravest(decoded?.operation, addressOperation(request.url)),
    fields,
    terms: { ...termsOf(leafs, request.method), ...sizeOf(request) },
    uninspectable: (decoded === null && request.body.length > 0) || request.partial,
  }
}

/** Of a body that is partly a file which the browser reads itself nobody knows the size. */
function sizeOf({ body, partial }: RawRequest): Pick<Terms, 'bytes'> {
  if (partial) return { bytes: null }
  return body.length === 0 ? {} : { bytes: body.length }
}

/** SHA-256 of a body. The boundary of a multipart form is drawn anew for every sending, so it does
 * not count. */
export function digestBody({ contentType, body }: RawRequest): string | undefined {
  if (body.length === 0) return undefined
  const boundary = /^multipart\//i.test(contentType) ? boundaryOf(contentType) : null
  const hash = createHash('sha256')
  if (boundary === null) return hash.update(body).digest('hex')
  // Delimiters only: the same text inside a value is the value's.
  const [start = '', ...rest] = `\r\n${body.toString('latin1')}`.split(`\r\n--${boundary}`)
  hash.update(`${start.length} ${rest.length} `).update(start, 'latin1')
  for (const piece of rest) hash.update(` ${piece.length} `).update(piece, 'latin1')
  return hash.digest('hex')
}

/** A GraphQL operation in the address: `?query=mutation…`. */
export function addressOperation(url: string): string | undefined {
  if (!/[?&](?:query|%|q%)/i.test(url)) return undefined
  const query = new URL(url).searchParams
  const name = query.get('operationName') ?? ''
  // Servers differ in which of two parameters of one name they take, so the gravest counts.
  const found = query.getAll('query').map((document) => documentOperation(document, name))
  const operations = found.filter((one) => one !== null)
  return operations.length > 0 ? named(operations, url, true) : undefined
}

/** Of an operation in the body and one in the address: servers differ in which of them they take. */
function gravest(body: string | undefined, address: string | undefined): string | undefined {
  if (address === undefined || body === undefined) return body ?? address
  return /^(?:query|subscription)\b/.test(body) ? address : body
}

interface Decoded {
  leaves: Leaf[]
  more: number
  operation?: string | undefined
}

function decode(request: RawRequest): Decoded | null {
  const { body, contentType, url } = request
  if (body.length === 0) return { leaves: [], more: 0 }
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'multipart/form-data') return decodeMultipart(body, contentType)
  if (body.includes(0)) return null
  const text = body.toString('utf8')
  if (text.includes('\uFFFD')) return null
  if (type === 'application/graphql') {
    const found = documentOperation(text, '')
    return {
      leaves: [{ path: 'query', value: text }],
      more: 0,
      operation: found ? named([found], url, true) : undefined,
    }
  }
  const json = parsed(text)
  if (json !== undefined) return decodeJson(json, url, isPlain(type, text, json))
  if (type === 'application/x-www-form-urlencoded')
    return decodePairs([...new URLSearchParams(text)])
  if (/^(?:text\/|$)/.test(type) || /(?:xml|yaml)$/.test(type))
    return { leaves: [{ path: 'text', value: text }], more: 0 }
  return null
}

/** Whether every server reads this JSON as we do: it is sent as JSON, and written as `JSON.stringify`
 * does. Of the same key twice some take the first, and of another type some read something else. */
function isPlain(type: string, text: string, json: unknown): boolean {
  return /^application\/(?:[\w.-]+\+)?json$/.test(type) && JSON.stringify(json) === text
}

function decodeJson(json: unknown, url: string, plain: boolean): Decoded {
  const graphql = graphqlOperations(json)
  const rpc = graphql ? null : rpcMethods(json)
  const operation = graphql ? named(graphql, url, plain) : rpc ? `rpc ${rpc.join(', ')}` : undefined
  return { ...leaves(json), operation }
}

function decodeMultipart(body: Buffer, contentType: string): Decoded | null {
  const boundary = boundaryOf(contentType)
  const parts = boundary === null ? null : multipartParts(body, boundary)
  if (!parts) return null
  return decodePairs(
    parts.map(({ name, file, value }) => [name, file === null ? value : `file ${file}`]),
  )
}

/** Fields of the same name are a list. */
function decodePairs(pairs: readonly (readonly [string, string])[]): Decoded {
  const shown = pairs.slice(0, 199)
  return {
    leaves: shown.map(([path, value]) => ({ path, value })),
    more: pairs.length - shown.length,
  }
}

function parsed(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON after all: shown as what it is.
    return undefined
  }
}

/** Only at an address that says GraphQL is a query taken at its word: any other endpoint may read its
 * orders from the address and never look at the body. */
function named(operations: readonly GraphqlOperation[], url: string, plain: boolean): string {
  const grave = operations.find(({ kind }) => kind === 'mutation' || kind === 'unknown')
  const one = grave ?? operations[0]
  const kind = one?.kind === 'unknown' ? 'persisted' : (one?.kind ?? '')
  const text = `${kind} ${one?.name ?? ''}`.trim()
  const more = operations.length > 1 ? ` and ${operations.length - 1} more` : ''
  const trusted = plain && /\/(?:graphql|gql)\/?$/i.test(url.split(/[?#]/, 1)[0] ?? '')
  return grave || trusted ? `${text}${more}` : `graphql ${text}${more}`
}
