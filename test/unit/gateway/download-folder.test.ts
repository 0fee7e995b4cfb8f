import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { downloadFolder } from '#companion/gateway/download-folder.ts'

const root = mkdtempSync(join(tmpdir(), 'holdpoint-downloads-'))
const name = '.playwright-artifacts-0'
let at = 0
/** A folder of this test's own. */
let inside: string
beforeEach(() => {
  inside = join(root, `${at++}`)
  mkdirSync(inside)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('a folder for downloads', () => {
  it('is made where it is missing, for nobody else', () => {
    const path = join(inside, 'test-results', name)
    expect(downloadFolder(path)).toBe(true)
    expect(lstatSync(path).isDirectory()).toBe(true)
    if (process.platform !== 'win32') expect(lstatSync(path).mode & 0o777).toBe(0o700)
    // Once more, now that it is there.
    expect(downloadFolder(path)).toBe(true)
  })

  it('is no link, wherever it leads', () => {
    const aim = join(inside, 'autostart')
    mkdirSync(aim)
    for (const to of [aim, join(inside, 'missing')]) {
      rmSync(join(inside, name), { force: true })
      symlinkSync(to, join(inside, name))
      expect(downloadFolder(join(inside, name))).toBe(false)
    }
  })

  it('is no file', () => {
    writeFileSync(join(inside, name), 'x')
    expect(downloadFolder(join(inside, name))).toBe(false)
  })

  it('is only what is named as Playwright names it', () => {
    for (const path of [
      join(inside, 'autostart'),
      `${inside}/${name}/../autostart`,
      `${inside}/${name}/`,
      join(inside, 'playwright-artifacts-a1B2c3'),
      name,
      [join(inside, name)],
      undefined,
    ])
      expect(downloadFolder(path), String(path)).toBe(false)
  })

  it.skipIf(process.platform === 'win32')('is not where others could put a link', () => {
    const open = join(inside, 'open')
    mkdirSync(open)
    chmodSync(open, 0o777)
    expect(downloadFolder(join(open, name))).toBe(false)
    expect(downloadFolder(join(open, 'below', name))).toBe(false)
    // As in /tmp, where only the owner may.
    chmodSync(open, 0o1777)
    expect(downloadFolder(join(open, name))).toBe(true)
  })

  it.skipIf(process.getuid?.() !== 0)('is not somebody else’s, nor in a folder of theirs', () => {
    const theirs = join(inside, 'theirs')
    mkdirSync(join(theirs, name), { recursive: true })
    chownSync(theirs, 12_345, 12_345)
    expect(downloadFolder(join(theirs, name))).toBe(false)
    mkdirSync(join(inside, name))
    chownSync(join(inside, name), 12_345, 12_345)
    expect(downloadFolder(join(inside, name))).toBe(false)
  })
})
