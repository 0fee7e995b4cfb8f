import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { droppedFiles } from '#companion/gateway/files.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdpoint-files-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function shown(...files: string[]): Promise<string[]> {
  return (await droppedFiles({ data: { files } })).map(({ value }) => value)
}

describe('a file that a page is to be given', () => {
  const secret = join(folder, 'id_rsa')
  writeFileSync(secret, 'secret')

  it('is shown with its whole path and size', async () => {
    expect(await shown(secret)).toEqual([`${secret} (6 bytes)`])
    expect(await shown(folder)).toEqual([`${folder} (a folder)`])
    const missing = join(folder, 'missing')
    expect(await shown(missing)).toEqual([`${missing} (cannot be read)`])
  })

  it('is the one behind a link, at every look', async () => {
    const link = join(folder, 'report.txt')
    symlinkSync(secret, link)
    expect(await shown(link)).toEqual([`${secret} (6 bytes)`])
    const other = join(folder, 'other')
    writeFileSync(other, 'others')
    unlinkSync(link)
    symlinkSync(other, link)
    expect(await shown(link)).toEqual([`${other} (6 bytes)`])
  })

  it('keeps both ends of a long path, and is never taken for another', async () => {
    const [one, two] = ['a', 'b'].map((middle) => {
      const deep = join(folder, 'x'.repeat(120), middle.repeat(100), 'y'.repeat(120))
      mkdirSync(deep, { recursive: true })
      writeFileSync(join(deep, 'id_rsa'), 'secret')
      return join(deep, 'id_rsa')
    })
    const [first = '', second = ''] = await shown(one ?? '', two ?? '')
    expect(first.length).toBeLessThan(300)
    expect(first.startsWith(`${folder}/x`)).toBe(true)
    expect(first.endsWith('y/id_rsa (6 bytes)')).toBe(true)
    expect(first).not.toBe(second)
  })
})
