import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesNamed, touches } from '#companion/gateway/own-files.ts'

let folder: string
let home: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-own-files-'))
  home = join(folder, 'home')
  mkdirSync(join(folder, 'home-of-another'))
  mkdirSync(home)
  writeFileSync(join(home, 'token'), 'x')
  symlinkSync(join(home, 'token'), join(folder, 'picture.png'))
  symlinkSync(home, join(folder, 'link'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe("a file of the companion's own", () => {
  it.each([
    ['itself', 'home/token', true],
    ['by a detour', 'home-of-another/../home/token', true],
    ['by a link to it', 'picture.png', true],
    ['by a link to its folder', 'link/token', true],
    ['that is not there yet', 'home/new', true],
    ['the folder', 'home', true],
    ['a folder around it', '.', true],
    ['a name that begins alike', 'home-of-another/token', false],
    ['a name with dots', '..home/token', false],
    ['somewhere else', 'other/token', false],
  ])('%s', (_what, path, own) => {
    expect(touches(`${folder}/${path}`, home)).toBe(own)
  })

  it('is found in every command that names files', () => {
    expect(filesNamed('DOM.setFileInputFiles', { files: ['/a', 7, '/b'] })).toEqual(['/a', '/b'])
    expect(filesNamed('Input.dispatchDragEvent', { data: { files: ['/a'] } })).toEqual(['/a'])
    expect(filesNamed('Browser.setDownloadBehavior', { downloadPath: '/a' })).toEqual(['/a'])
    expect(filesNamed('Page.navigate', { url: 'https://example.com', files: ['/a'] })).toEqual([])
  })
})
