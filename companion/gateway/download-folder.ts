import { lstatSync, mkdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join, normalize } from 'node:path'

/** Whether a path is a folder as Playwright makes one for each browser that it connects to: directly
 * inside of a folder for temporary files, and named by `mkdtemp` after this prefix. Its test runner makes
 * one for each worker in the project's folder for results; under a name with a dot that no other program
 * reads, so it may be anywhere.
 *
 * It is made where it is missing, as the browser would, and must be a folder that leads nowhere else and
 * that nobody else can exchange for a link: what is written is then always a new file with a name of the
 * browser's choice, in this folder. */
export function downloadFolder(path: unknown): boolean {
  return typeof path === 'string' && isNamedAs(path) && isOwn(path)
}

function isNamedAs(path: string): boolean {
  // A separator at the end would make a link look like the folder that it leads to.
  const isPlain = normalize(path) === path && join(dirname(path), basename(path)) === path
  if (!isAbsolute(path) || !isPlain) return false
  if (/^\.playwright-artifacts-\d{1,4}$/.test(basename(path))) return true
  if (!/^playwright-artifacts-[A-Za-z0-9]{6}$/.test(basename(path))) return false
  const parent = dirname(path)
  return parent === tmpdir() || TEMPORARY.some((folder) => folder.test(parent))
}

/** The agent may run with another TMPDIR than the companion: also those of Linux, macOS and Windows. */
const TEMPORARY = [
  /^\/(?:private\/)?(?:var\/)?tmp$/,
  /^\/(?:private\/)?var\/folders\/\w{2}\/\w+\/T$/,
  /^[A-Za-z]:\\Users\\[^\\]+\\AppData\\Local\\Temp$/,
]

function isOwn(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const folder = lstatSync(path)
    if (!folder.isDirectory() || !isOurs(folder)) return false
    let above = realpathSync.native(dirname(path))
    while (isKept(statSync(above))) {
      if (dirname(above) === above) return true
      above = dirname(above)
    }
    return false
  } catch {
    // It can neither be made nor looked at. A person decides.
    return false
  }
}

/** Nobody but this user and the system can exchange what lies in it; in a sticky folder, only who owns
 * it (inode(7)). */
function isKept(folder: Stats): boolean {
  const sticky = (folder.mode & 0o1000) !== 0
  const open = (folder.mode & 0o002) !== 0
  return uid === undefined || ((folder.uid === 0 || isOurs(folder)) && (!open || sticky))
}

function isOurs(folder: Stats): boolean {
  return uid === undefined || folder.uid === uid
}

/** Undefined on Windows, where folders of a user are closed to others. */
const uid = process.getuid?.()
