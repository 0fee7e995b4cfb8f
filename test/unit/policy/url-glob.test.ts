import { describe, expect, it } from 'vitest'
import { address } from '#shared/policy/address.ts'
import { type UrlGlob, urlGlob } from '#shared/policy/url-glob.ts'

function glob(pattern: string): UrlGlob {
  const compiled = urlGlob(pattern)
  if (typeof compiled === 'string') throw new Error(compiled)
  return compiled
}

/** Pattern, addresses on it, addresses off it. */
const strict: [pattern: string, on: string[], off: string[]][] = [
  [
    'https://crm.example.com/**',
    [
      'https://crm.example.com',
      'https://CRM.EXAMPLE.com:443/a/b?c#d',
      'https:\\\\crm.example.com\\a',
      'https://crm.example.com/a%2Fb',
    ],
    [
      'http://crm.example.com/',
      'https://crm.example.com:8443/',
      'https://crm.example.com.evil.test/a',
      'https://crm.example.com@evil.test/',
      'https:\\\\evil.test\\@crm.example.com',
      'https://evil.test/https://crm.example.com/',
      'https://evil.test/#https://crm.example.com/',
      'https://crm-example.com/',
      'https://xcrm.example.com/',
      'https://a.crm.example.com/',
      'https://crm.example.com./',
      'https://user@crm.example.com/',
      'about:blank',
      'blob:https://crm.example.com/0-0',
      'file:///crm.example.com/',
      'javascript:0',
      '',
      '//crm.example.com/',
    ],
  ],
  [
    'https://crm.example.com/tasks/**',
    [
      'https://crm.example.com/tasks',
      'https://crm.example.com/tasks/',
      'https://crm.example.com//tasks/1/2',
      'https://crm.example.com/%74asks/1',
      'https://crm.example.com/x/../tasks/1',
    ],
    [
      'https://crm.example.com/tasks2',
      'https://crm.example.com/Tasks/1',
      'https://crm.example.com/tasks/../admin',
      'https://crm.example.com/tasks/%2e%2e/admin',
      'https://crm.example.com/tasks/..%2fadmin',
      'https://crm.example.com/tasks/..%5cadmin',
      'https://crm.example.com/tasks/%252e%252e/admin',
      'https://crm.example.com/tasks/..%252fadmin',
      'https://crm.example.com/tasks/..;/admin',
      'https://crm.example.com/tasks/a%00b',
    ],
  ],
  [
    'https://a.example/docs/*/edit',
    ['https://a.example/docs/7/edit'],
    [
      'https://a.example/docs//edit',
      'https://a.example/docs/7/8/edit',
      'https://a.example/docs/7/edit/',
      'https://a.example/docs/edit',
    ],
  ],
  [
    'https://a.example/**/edit/**/x',
    [
      'https://a.example/edit/x',
      'https://a.example/1/2/edit/3/4/x',
      'https://a.example/edit/edit/x/x',
    ],
    ['https://a.example/edit', 'https://a.example/x/edit'],
  ],
  [
    'https://a.example/file-*.pdf',
    ['https://a.example/file-.pdf', 'https://a.example/file-1.pdf?x'],
    ['https://a.example/file-1/2.pdf', 'https://a.example/file-1.pdfx'],
  ],
  [
    'https://*.example.com/**',
    ['https://a.example.com/'],
    ['https://example.com/', 'https://a.b.example.com/', 'https://.example.com/'],
  ],
  [
    'https://**.example.com/**',
    ['https://a.example.com/', 'https://a.b.example.com/'],
    ['https://example.com/', 'https://badexample.com/'],
  ],
  [
    'https://crm-*.example.com/**',
    ['https://crm-7.example.com/'],
    ['https://crm-7.x.example.com/', 'https://crm.example.com/'],
  ],
  [
    'http://localhost:*/**',
    ['http://localhost/', 'http://localhost:3000/x'],
    ['https://localhost/', 'http://localhost.evil.test/'],
  ],
  [
    'https://bücher.example/**',
    ['https://xn--bcher-kva.example/', 'https://BÜCHER.example/'],
    ['https://bucher.example/'],
  ],
  [
    'http://[::1]:8080/**',
    ['http://[::1]:8080/', 'http://[0:0:0:0:0:0:0:1]:8080/a'],
    ['http://[::2]:8080/', 'http://[::1]/'],
  ],
  ['http://127.0.0.1/**', ['http://0x7f.1/', 'http://2130706433/'], ['http://127.0.0.2/']],
  [
    'https://a.example/do?action=delete*',
    ['https://a.example/do?action=delete&id=1'],
    ['https://a.example/do', 'https://a.example/do?id=1&action=delete'],
  ],
  [
    'https://a.example/a%2Fb',
    ['https://a.example/a%2fb'],
    ['https://a.example/a/b', 'https://a.example/a%2Fb/c'],
  ],
  ['**', ['https://a.example/', 'about:blank', 'nonsense'], []],
]

describe('a URL pattern that grants something', () => {
  for (const [pattern, on, off] of strict)
    describe(pattern, () => {
      const { strict: test } = glob(pattern)
      it.each(on)('matches %s', (url) => expect(test(address(url))).toBe(true))
      if (off.length > 0) it.each(off)('misses %s', (url) => expect(test(address(url))).toBe(false))
    })
})

const lenient: [pattern: string, on: string[], off: string[]][] = [
  [
    'https://a.example/admin/**',
    [
      'https://a.example/admin',
      'https://a.example/ADMIN/x',
      'https://a.example//admin//x',
      'https://a.example/%61dmin/x',
      'https://a.example/x%2f..%2fadmin',
      'https://a.example/x/..;/admin',
      'https://a.example./admin/x',
      'https://user@a.example/admin/x',
      'about:srcdoc',
      'not a url',
    ],
    [
      'https://a.example/',
      'https://a.example/administer',
      'https://b.example/admin/',
      'file:///admin/',
    ],
  ],
  [
    'https://a.example/do?action=delete',
    ['https://a.example/do?id=1&ACTION=delete'],
    ['https://a.example/do?action=view'],
  ],
  [
    'https://a.example/tasks/*/delete',
    ['https://a.example/tasks/1/delete/'],
    ['https://a.example/tasks/1'],
  ],
]

describe('a URL pattern that takes something away matches what may be meant', () => {
  for (const [pattern, on, off] of lenient)
    describe(pattern, () => {
      const { lenient: test } = glob(pattern)
      it.each(on)('matches %s', (url) => expect(test(address(url))).toBe(true))
      it.each(off)('misses %s', (url) => expect(test(address(url))).toBe(false))
    })
})

describe('matching', () => {
  it('takes time in proportion to the text, however hostile the pattern', () => {
    const { strict: test } = glob(`https://a.example/${'*a'.repeat(200)}b`)
    const url = address(`https://a.example/${'a'.repeat(8000)}`)
    const start = performance.now()
    for (let round = 0; round < 20; round++) expect(test(url)).toBe(false)
    expect((performance.now() - start) / 20).toBeLessThan(20)
  })
})
