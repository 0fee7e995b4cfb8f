import { describe, expect, it } from 'vitest'
import { decide } from '#shared/policy/decide.ts'
import { defaultPolicy } from '#shared/policy/default-policy.ts'
import { setMode } from '#shared/policy/set-mode.ts'
import { act, facts, policyOf } from './arbitrary.ts'

function edited(
  text: string,
  ...rest: [site: string | null, mode: 'enforce' | 'shadow' | 'observe']
) {
  const result = setMode(text, ...rest)
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('\n'))
  return result.text
}

function modeAt(text: string, url: string) {
  const { descriptor, classification } = act({ url })
  return decide(policyOf(text), descriptor, classification, facts).mode
}

describe('setMode', () => {
  it('changes the mode of the whole policy and nothing else', () => {
    expect(edited(defaultPolicy, null, 'shadow')).toBe(
      defaultPolicy.replace('mode: enforce', 'mode: shadow'),
    )
  })

  it('names the first site without confining the agent to it, and keeps every comment', () => {
    const text = edited(defaultPolicy, 'https://mail.example.com', 'shadow')
    expect(modeAt(text, 'https://mail.example.com/inbox')).toBe('shadow')
    expect(modeAt(text, 'https://other.example.com/')).toBe('enforce')
    const elsewhere = act({ url: 'https://other.example.com/', provenance: 'agent' })
    expect(
      decide(policyOf(text), elsewhere.descriptor, elsewhere.classification, facts).pattern,
    ).toBe('review-gate')
    for (const line of defaultPolicy.split('\n').filter((each) => each.startsWith('#')))
      expect(text).toContain(line)
  })

  it('changes the entry of a site, ends its trial and keeps its comment', () => {
    const text =
      'version: 1\nsites:\n  # the CRM\n  - https://crm.example.com/** # main\n  - { url: https://mail.example.com/**, mode: shadow, until: 2026-12-31 } # mail\n'
    const once = edited(text, 'https://crm.example.com/**', 'observe')
    const twice = edited(once, 'https://mail.example.com/', 'enforce')
    expect(twice).toContain('# the CRM')
    expect(twice).toContain('# main')
    expect(twice).toContain('# mail')
    expect(twice).not.toContain('until')
    expect(modeAt(twice, 'https://crm.example.com/')).toBe('observe')
    expect(modeAt(twice, 'https://mail.example.com/')).toBe('enforce')
  })

  it('adds a site to a list that has others', () => {
    const text = edited(
      'version: 1\nsites: [https://crm.example.com/**]\n',
      'https://a.example/x/**',
      'shadow',
    )
    expect(modeAt(text, 'https://a.example/x/1')).toBe('shadow')
  })

  it('says which entry stands in the way instead of an edit without effect', () => {
    const text = 'version: 1\nsites: [{ url: "**", mode: shadow }]\n'
    const result = setMode(text, 'https://crm.example.com', 'observe')
    expect(result.ok ? [] : result.problems).toMatchObject([
      { code: 'overruled', message: expect.stringContaining('`**` is in mode shadow') },
    ])
  })

  it('refuses a bad pattern and a bad policy', () => {
    expect(setMode('version: 1\n', 'crm', 'shadow')).toMatchObject({
      ok: false,
      problems: [{ code: 'bad-url' }],
    })
    expect(setMode('version: 3\n', null, 'shadow')).toMatchObject({
      ok: false,
      problems: [{ code: 'wrong-value' }],
    })
  })
})
