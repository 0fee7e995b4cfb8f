import { isParams, textOf } from '../cdp.ts'

/** The methods that a JSON-RPC body calls (jsonrpc.org/specification, section 4), one or a batch; null
 * for anything else. */
export function rpcMethods(body: unknown): string[] | null {
  const calls: unknown[] = Array.isArray(body) ? body : [body]
  if (calls.length === 0) return null
  const methods = calls.map((call) => {
    if (!isParams(call)) return undefined
    const versioned = call.jsonrpc !== undefined || ('id' in call && 'params' in call)
    return versioned ? textOf(call.method) : undefined
  })
  return methods.every((method) => method !== undefined) ? methods : null
}
