import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod/mini'

const Package = z.object({ name: z.literal('holdpoint'), version: z.string() })

/** Our own package: its folder and version, found upwards from this module, which may be a source
 * file or part of the bundle. */
export function packageRoot(from = dirname(fileURLToPath(import.meta.url))): {
  dir: string
  version: string
} {
  for (let dir = from; ; dir = dirname(dir)) {
    const file = join(dir, 'package.json')
    if (existsSync(file)) {
      const found = Package.safeParse(JSON.parse(readFileSync(file, 'utf8')))
      if (found.success) return { dir, version: found.data.version }
    }
    if (dir === dirname(dir)) throw new Error(`no package.json of holdpoint above ${from}`)
  }
}
