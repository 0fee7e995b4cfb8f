import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fillTemplate, valuesOf } from '#shared/policy/fill-template.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { unknownValue } from './unknown-value.ts'

/** Largest file of facts, in bytes. */
const SIZE_LIMIT = 10_000_000

interface Read {
  /** What changes whenever the file does. */
  mark: string
  value: unknown
}

/** Facts from a JSON file: the whole of it, or the entry that `key` names. */
export interface FileProvider {
  readonly file: string
  readonly key?: string | undefined
}

/** Reads JSON files beside the policy, each again only once it has changed. Rejects where one cannot be
 * read, is no JSON or has no such entry. */
export class FactFiles {
  readonly #dir: string
  readonly #read = new Map<string, Read>()

  constructor(dir: string) {
    this.#dir = dir
  }

  async ask({ file, key }: FileProvider, d: Descriptor): Promise<unknown> {
    const value = await this.#value(resolve(this.#dir, file))
    if (key === undefined) return value
    const filled = fillTemplate(key, valuesOf(d))
    if (!filled.ok) throw unknownValue(filled.unknown)
    const entry =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).find(([name]) => name === filled.text)
        : undefined
    if (!entry) throw new Error(`\`${file}\` has no entry for this action`)
    return entry[1]
  }

  async #value(path: string): Promise<unknown> {
    const { mtimeNs, ctimeNs, size, ino } = await stat(path, { bigint: true })
    const mark = `${mtimeNs} ${ctimeNs} ${size} ${ino}`
    const before = this.#read.get(path)
    if (before?.mark === mark) return before.value
    if (size > SIZE_LIMIT) throw new Error(`\`${path}\` is larger than ${SIZE_LIMIT} bytes`)
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    // Kept by the mark from before it was read: written to meanwhile, it is read again.
    this.#read.set(path, { mark, value })
    return value
  }
}
