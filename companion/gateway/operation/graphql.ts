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
  const one = operations.find(({ name }) => chosen !== '' && name === chosen)
  if (one) return one
  const mutation = operations.find(({ kind }) => kind === 'mutation')
  // One that is chosen and not there may stand where it was not seen.
  if (chosen !== '' && !mutation) return null
  // Several, and none is chosen: servers differ, so the gravest counts.
  return mutation ?? operations[0] ?? null
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
  if (document.length > LONGEST) return null
  for (const [token] of document.matchAll(TOKEN)) {
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

/** Longer documents are not read, not even in part: what was left out could say something else. */
const LONGEST = 200_000

/** In a block string a backslash means something only before three quotes (GraphQL, section 2.9.4). */
const TOKEN =
  /#[^\n\r]*|"""(?:\\"""|(?!\\""")[^"]|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|[{}()[\]]|[^\s{}()[\]"#,]+/g

function headed(head: string): GraphqlOperation | 'fragment' | null {
  const words = head.trim().split(/\s+/)
  const [kind = '', name = ''] = words
  if (kind === '') return { kind: 'query', name: '' }
  if (kind === 'fragment') return 'fragment'
  if (kind !== 'query' && kind !== 'mutation' && kind !== 'subscription') return null
  return { kind, name: /^[_A-Za-z]\w*$/.test(name) ? name : '' }
}
