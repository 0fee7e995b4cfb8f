import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findBrowser } from '#companion/browser/find-browser.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdpoint-find-'))

function program(name: string): string {
  const path = join(folder, name)
  writeFileSync(path, '#!/bin/sh\n')
  chmodSync(path, 0o755)
  return path
}

describe('findBrowser', () => {
  it('says how to install one when there is none', () => {
    const found = findBrowser({ PATH: '/nowhere' }, 'linux')
    expect(found).toMatchObject({ ok: false, error: { code: 'browser_missing' } })
    if (!found.ok) expect(found.error.message).toContain('apt-get install chromium')
  })

  it('takes `HOLDPOINT_BROWSER` before everything else', () => {
    program('chromium')
    const path = program('my-browser')
    const found = findBrowser({ PATH: folder, HOLDPOINT_BROWSER: path }, 'linux')
    expect(found).toMatchObject({ ok: true, browser: { path } })
  })

  it('treats a wrong `HOLDPOINT_BROWSER` as an error, never as a reason to take another', () => {
    program('chromium')
    const found = findBrowser({ PATH: folder, HOLDPOINT_BROWSER: '/no/such/browser' }, 'linux')
    expect(found).toMatchObject({ ok: false, error: { code: 'browser_wrong' } })
  })

  it('knows that branded Chrome takes no extension from the command line', () => {
    const path = program('google-chrome')
    const found = findBrowser({ PATH: '/nowhere', HOLDPOINT_BROWSER: path }, 'linux')
    expect(found).toMatchObject({ ok: true, browser: { name: 'Chrome', sideLoads: false } })
  })

  it('prefers a browser that side-loads', () => {
    program('google-chrome')
    const path = program('chromium')
    expect(findBrowser({ PATH: folder }, 'linux')).toMatchObject({ ok: true, browser: { path } })
  })
})
