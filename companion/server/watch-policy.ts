import { type FSWatcher, readFileSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** An editor writes a file in several steps; this long after the last one it is read. */
const SETTLE_MS = 50

/** Some file systems tell nobody of changes; there the file is looked at this often. */
const LOOK_MS = 2000

/** Calls `changed` with the text of the policy file, null where it cannot be read, whenever it or a file
 * `beside` it may have changed. Whether it did is for the caller to say. */
export function watchPolicy(
  file: string,
  changed: (text: string | null) => void,
  signal: AbortSignal,
  beside: () => string | null = () => null,
): void {
  let settle: NodeJS.Timeout | undefined
  const look = () => changed(readPolicy(file))
  const soon = () => {
    clearTimeout(settle)
    settle = setTimeout(look, SETTLE_MS)
    settle.unref()
  }
  const watcher = watchFolder(file, beside, soon)
  const poll = setInterval(look, LOOK_MS)
  poll.unref()
  const stop = () => {
    watcher?.close()
    clearInterval(poll)
    clearTimeout(settle)
  }
  signal.addEventListener('abort', stop, { once: true })
}

/** Text of the policy file; null where it cannot be read. */
export function readPolicy(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null // gone or not ours to read: the caller says so
  }
}

/** The folder is watched, not the file: editors replace files, and a watch on the old one is deaf. */
function watchFolder(
  file: string,
  beside: () => string | null,
  soon: () => void,
): FSWatcher | null {
  const name = basename(file)
  try {
    const watcher = watch(dirname(file), (_kind, changed) => {
      if (changed === null || changed === name || changed === beside()) soon()
    })
    watcher.unref()
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return null // out of watches: looking from time to time is enough
  }
}
