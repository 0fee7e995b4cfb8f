import { isParams, textOf } from '../cdp.ts'

/** What a GraphQL request would do. `unknown`: a persisted query names nothing but a hash. */
export interface GraphqlOperation {
  kind: 'query' | 'mutation' | 'subscription' | 'unknown'
  name: string
}

/** Reads the body of a GraphQL request over HTTP (graphql.github.io/graphql-over-http): one request
 * or a batch. Null for anything else, such as a search that has a `query` too. */
export function graphqlOperations(body: unknown): GraphqlOperation[] | null {
  const requests: unknown[] = Array.isArray(body) ? body : [body]
  if (requests.length === 0) return null
  const found = requests.map(operationOf)
  return found.every((one) => one !== null) ? found : null
}

/** The operation of a document that stands alone, as in `?query=` or `application/graphql`. */
export function documentOperation(document: string, chosen: string): GraphqlOperation | null {
  const operations = definitions(document)
  if (!operations || operations.length === 0) return null
  if (operations.length === 1 || chosen !== '') {
    const one = operations.length === 1 ? operations[0] : operations.find((o) => o.name === chosen)
    if (one) return one
  }
  // Several, and none is chosen: servers differ, so the gravest counts.
  return operations.find(({ kind }) => kind === 'mutation') ?? operations[0] ?? null
}

function operationOf(request: unknown): GraphqlOperation | null {
  if (!isParams(request)) return null
  // An endpoint that is no GraphQL would read other keys, so with others it is none.
  if (Object.keys(request).some((key) => !KEYS.has(key))) return null
  const name = textOf(request.operationName) ?? ''
  const document = textOf(request.query)
  if (document === undefined) {
    const persisted = isParams(request.extensions) && request.extensions.persistedQuery
    const named = [request.id, request.queryId, request.doc_id, request.documentId]
    return persisted || named.some((id) => id !== undefined) ? { kind: 'unknown', name } : null
  }
  return documentOperation(document, name)
}

const KEYS = new Set([
  ...['query', 'variables', 'operationName', 'extensions'],
  ...['id', 'queryId', 'doc_id', 'documentId'],
])

/** The operations of a document, by its top level only; null where it is no document. */
function definitions(document: string): GraphqlOperation[] | null {
  const found: GraphqlOperation[] = []
  let depth = 0
  let head = ''
  for (const [token] of document.slice(0, 200_000).matchAll(TOKEN)) {
    if (token.startsWith('#') || token.startsWith('"')) continue
    if (token === '{' || token === '(' || token === '[') {
      if (depth === 0 && token === '{') {
        const operation = headed(head)
        if (operation === null) return null
        if (operation !== 'fragment') found.push(operation)
        head = ''
      }
      depth++
    } else if (token === '}' || token === ')' || token === ']') {
      if (--depth < 0) return null
    } else if (depth === 0) head += ` ${token}`
  }
  return depth === 0 && head.trim() === '' ? found : null
}

const TOKEN =
  /#[^\n\r]*|"""(?:[^"\\]|\\[\s\S]|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|[{}()[\]]|[^\s{}()[\]"#,]+/g

function headed(head: string): GraphqlOperation | 'fragment' | null {
  const words = head.trim().split(/\s+/)
  const [kind = '', name = ''] = words
  if (kind === '') return { kind: 'query', name: '' }
  if (kind === 'fragment') return 'fragment'
  if (kind !== 'query' && kind !== 'mutation' && kind !== 'subscription') return null
  return { kind, name: /^[_A-Za-z]\w*$/.test(name) ? name : '' }
}
