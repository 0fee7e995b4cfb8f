import { describe, expect, it } from 'vitest'
import { observes } from '#extension/gate/mode.ts'
import type { GateSettings } from '#shared/protocol/link.ts'

function settings(over: Partial<GateSettings>): GateSettings {
  return { mode: 'observe', policyVersion: '1', sites: [], ruleModes: false, ...over }
}
const page = 'https://crm.example.com/tasks/7'

describe('observes', () => {
  it('holds while there are no settings', () => {
    expect(observes(null, page)).toBe(false)
  })

  it('observes everywhere under a policy without sites', () => {
    expect(observes(settings({}), page)).toBe(true)
    expect(observes(settings({ mode: 'enforce' }), page)).toBe(false)
    expect(observes(settings({ mode: 'shadow' }), page)).toBe(false)
  })

  it('holds where some rule has a mode of its own', () => {
    expect(observes(settings({ ruleModes: true }), page)).toBe(false)
  })

  it.each([
    'https://crm.example.com/**',
    'https://*.example.com/**',
    'https://**.example.com/**',
    'https://crm.example.com/tasks/*',
    'https://crm.example.com/tasks/**',
  ])('observes a site that %s covers, whatever the mode elsewhere', (url) => {
    expect(observes(settings({ mode: 'enforce', sites: [{ url, mode: 'observe' }] }), page)).toBe(
      true,
    )
  })

  it.each([
    'http://crm.example.com/**',
    'https://crm.example.com:8443/**',
    'https://*.com/**',
    'https://crm.example.com/',
    'https://crm.example.com/tasks',
    'https://crm.example.com/**/7',
    'https://example.com/**',
    'not a pattern',
  ])('holds where %s does not certainly cover the page', (url) => {
    expect(observes(settings({ mode: 'enforce', sites: [{ url, mode: 'observe' }] }), page)).toBe(
      false,
    )
  })

  it('holds on a page off the list, even in observe mode', () => {
    const sites = [{ url: 'https://mail.example.com/**', mode: 'observe' as const }]
    expect(observes(settings({ sites }), page)).toBe(false)
  })

  it.each(['enforce', 'shadow'] as const)(
    'holds where a %s site may cover the page too',
    (mode) => {
      const sites = [
        { url: 'https://crm.example.com/**', mode: 'observe' as const },
        { url: 'https://*.example.com/admin/**', mode },
      ]
      expect(observes(settings({ sites }), page)).toBe(false)
    },
  )

  it('holds on a path that two readers could read differently', () => {
    const sites = [{ url: 'https://crm.example.com/tasks/**', mode: 'observe' as const }]
    expect(observes(settings({ sites }), 'https://crm.example.com/tasks/%2e%2e%2fadmin')).toBe(
      false,
    )
  })
})
