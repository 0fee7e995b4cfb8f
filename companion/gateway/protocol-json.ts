import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isParams, type Params } from './cdp.ts'

const require = createRequire(import.meta.url)
let text: string | undefined

/** What a browser with a debugging port answers at `/json/protocol`. Over a pipe it answers nothing, so
 * the published description takes its place, read when it is first asked for. */
export function protocolJson(): string {
  if (text !== undefined) return text
  const parts = ['browser_protocol', 'js_protocol'].map((name) => read(`${name}.json`))
  const domains = parts.flatMap(({ domains }) => (Array.isArray(domains) ? domains : []))
  text = JSON.stringify({ version: parts[0]?.version, domains })
  return text
}

function read(name: string): Params {
  const file = require.resolve(`devtools-protocol/json/${name}`)
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return isParams(value) ? value : {}
}
