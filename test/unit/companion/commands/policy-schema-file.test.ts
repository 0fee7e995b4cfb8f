import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schemaText, writeOwnPolicy } from '#companion/commands/policy-schema-file.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'holdpoint-own-'))
})
afterEach(() => rmSync(home, { recursive: true }))

describe('the policy of a home folder', () => {
  it('is written at the first start, with the schema that its first line names', () => {
    const file = join(home, 'holdpoint.yaml')
    writeOwnPolicy(file)
    const [first = ''] = readFileSync(file, 'utf8').split('\n')
    const [, named = ''] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first) ?? []
    expect(readFileSync(join(home, named), 'utf8')).toBe(schemaText())
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('is never replaced; the schema of another version is', () => {
    const [file, schema] = [join(home, 'holdpoint.yaml'), join(home, 'holdpoint.schema.json')]
    writeFileSync(file, 'version: 1\n')
    writeFileSync(schema, '{}')
    writeOwnPolicy(file)
    expect(readFileSync(file, 'utf8')).toBe('version: 1\n')
    expect(readFileSync(schema, 'utf8')).toBe(schemaText())
  })
})
