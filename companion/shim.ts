#!/usr/bin/env node
import { browserShim } from './commands/browser-shim.ts'
import { exits, Failure } from './commands/failure.ts'

/** `holdpoint-chrome`: give this program to a client in place of a browser. */
try {
  process.exit(await browserShim(process.argv.slice(2), process.env))
} catch (error) {
  const text = error instanceof Error ? error.message : String(error)
  process.stderr.write(`holdpoint-chrome: ${text}\n`)
  process.exit(error instanceof Failure ? error.exit : exits.setUp)
}
