import { type CdpProblem, isParams, type Params } from './cdp.ts'

/** A command as an agent sent it. */
export interface Frame {
  id: number
  method: string
  params: Params
  sessionId: string | undefined
}

export type FrameResult =
  | { ok: true; frame: Frame }
  /** `id` is null where none could be read: nobody can be answered then but the connection. */
  | { ok: false; id: number | null; problem: CdpProblem }

/** Most bytes of one command. Uploads and answers to intercepted requests travel in commands. */
export const FRAME_LIMIT = 64 * 1024 * 1024

/** Chromium gives up at 300 levels, and answers then without saying which command it means. */
const DEPTH_LIMIT = 200

const KEYS = new Set(['id', 'method', 'params', 'sessionId'])

/** Reads one message of an agent, once: what goes on to the browser is written anew from the result,
 * so that no second reader can understand it differently. The same keys twice, unknown keys and
 * batches are refused as Chromium refuses them or more strictly; the error codes are JSON-RPC's
 * (https://www.jsonrpc.org/specification#error_object), the texts Chromium's where it has one. */
export function readFrame(text: string): FrameResult {
  const shape = shapeOf(text)
  if (shape !== null) return refuse(null, -32700, shape)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refuse(null, -32700, 'JSON: the message is not well-formed')
  }
  if (!isParams(value)) return refuse(null, -32600, 'Message must be an object')
  const { id, method, params, sessionId } = value
  if (typeof id !== 'number' || !Number.isInteger(id) || Math.abs(id) > 0x7fffffff)
    return refuse(null, -32600, "Message must have integer 'id' property")
  if (Object.keys(value).some((key) => !KEYS.has(key)))
    return refuse(
      id,
      -32600,
      "Message has property other than 'id', 'method', 'sessionId', 'params'",
    )
  if (typeof method !== 'string')
    return refuse(id, -32600, "Message must have string 'method' property")
  if (sessionId !== undefined && typeof sessionId !== 'string')
    return refuse(id, -32600, "Message may have string 'sessionId' property")
  if (params !== undefined && params !== null && !isParams(params))
    return refuse(id, -32602, "Message may have object 'params' property")
  return { ok: true, frame: { id, method, params: params ?? {}, sessionId } }
}

function refuse(id: number | null, code: number, message: string): FrameResult {
  return { ok: false, id, problem: { code, message } }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/** What `JSON.parse` lets pass: nesting without end, and the same key twice at the top, of which it
 * takes the last without a word. Null where there is none of that. */
function shapeOf(text: string): string | null {
  const keys = new Set<string>()
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const end = endOfString(text, at)
      if (depth === 1 && isKey(text, end + 1)) {
        const key = text.slice(at, end + 1)
        if (keys.has(key) || key.includes('\\'))
          return 'JSON: the same key twice, or a key with an escape'
        keys.add(key)
      }
      at = end
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1
      if (depth > DEPTH_LIMIT) return 'JSON: nested too deeply'
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1
  }
  return null
}

/** Index of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return end
  }
  return text.length
}

function isKey(text: string, from: number): boolean {
  let at = from
  while (/\s/.test(text.charAt(at))) at += 1
  return text.charCodeAt(at) === COLON
}
