import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Head } from '#companion/core/ports.ts'

/** Shortest time between two writes of the head, in ms: its sync competes with the commits' own, so
 * under load it lags by this much, and not more. */
const PAUSE_MS = 500

export type ReadHead = { ok: true; head: Head } | { ok: false; message: string }

/** The chain's head, kept outside the database in `audit.head` and signed with `audit.key` (0600), so
 * that truncating, rolling back or recomputing the database shows. It is written after the commit:
 * after a crash it may lag, it never runs ahead. */
export class HeadFile {
  readonly #file: string
  readonly #key: Buffer
  #next: Head | null = null
  #writing: Promise<void> | null = null
  #frozen = false
  #hurry = false
  #wake: (() => void) | undefined

  private constructor(home: string, key: Buffer) {
    this.#file = join(home, 'audit.head')
    this.#key = key
  }

  /** Opens the head of a home folder; where the chain has not begun, key and head are made. */
  static open(home: string, begun: boolean, empty: Head): HeadFile {
    const keyFile = join(home, 'audit.key')
    if (!existsSync(keyFile) && !begun)
      writeFileSync(keyFile, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
    const head = new HeadFile(home, readKey(keyFile))
    if (!existsSync(head.#file) && !begun)
      writeFileSync(head.#file, head.#text(empty), { mode: 0o600 })
    return head
  }

  read(): ReadHead {
    const no = (message: string): ReadHead => ({ ok: false, message })
    if (!existsSync(this.#file)) return no('`audit.head` is gone: the log cannot be proved whole')
    if (this.#key.length === 0) return no('`audit.key` is gone: the log cannot be proved whole')
    const [n, hash, mac] = readFileSync(this.#file, 'utf8').trim().split(' ')
    const seq = Number(n)
    if (!hash || !mac || !Number.isSafeInteger(seq)) return no('`audit.head` cannot be read')
    if (!sameText(mac, this.#mac({ seq, hash }))) return no('`audit.head` was not signed by us')
    return { ok: true, head: { seq, hash } }
  }

  /** Notes the newest head; it is on the disk soon after, and at the latest after `flush`. */
  note(head: Head): void {
    if (this.#frozen) return
    this.#next = head
    this.#writing ??= this.#write(PAUSE_MS)
  }

  /** From now on the head stays as it is. For a chain found broken: moving its head on would make
   * the damage unprovable. */
  freeze(): void {
    this.#frozen = true
    this.#next = null
  }

  async flush(): Promise<void> {
    this.#hurry = true
    this.#wake?.()
    while (this.#writing || this.#next) {
      this.#writing ??= this.#write(0)
      await this.#writing
    }
    this.#hurry = false
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #write(pause: number): Promise<void> {
    const head = this.#next
    this.#next = null
    try {
      if (head) await replaceFile(this.#file, this.#text(head))
      if (pause > 0 && !this.#hurry) await this.#rest(pause)
    } catch {
      // A head that lags is safe; the next commit tries again, and `verify` accepts the older one.
    }
    this.#writing = null
    if (this.#next) this.#writing = this.#write(pause)
  }

  #text(head: Head): string {
    return `${head.seq} ${head.hash} ${this.#mac(head)}\n`
  }

  #mac({ seq, hash }: Head): string {
    return createHmac('sha256', this.#key).update(`${seq} ${hash}`).digest('hex')
  }
}

function readKey(file: string): Buffer {
  return existsSync(file) ? Buffer.from(readFileSync(file, 'utf8').trim(), 'hex') : Buffer.alloc(0)
}

/** Writes a file so that a crash leaves either the old one or the new one. Mode 0600. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const next = `${file}.new`
  const handle = await open(next, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(next, file)
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)]
  return x.length === y.length && timingSafeEqual(x, y)
}
