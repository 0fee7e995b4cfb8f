import { tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, normalize } from 'node:path'

/** Whether a path is a folder as Playwright makes one for each browser that it connects to: directly
 * inside of a folder for temporary files, and named by `mkdtemp` after this prefix. Its test runner makes
 * one for each worker in the project's folder for results; under a name with a dot that no other program
 * reads, so it may be anywhere. */
export function downloadFolder(path: unknown): boolean {
  if (typeof path !== 'string' || !isAbsolute(path) || normalize(path) !== path) return false
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
