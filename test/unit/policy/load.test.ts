import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultPolicy } from '#shared/policy/default-policy.ts'
import { load } from '#shared/policy/load.ts'
import { showProblem } from '#shared/policy/problem.ts'

const folder = join(import.meta.dirname, '../../policies/bad')

/** `# expect LINE:COLUMN code part of the message`, one line for each problem of the file. */
function expectations(text: string) {
  return [...text.matchAll(/^# expect (\d+):(\d+) (\S+) ?(.*)$/gm)].map(
    ([, line, column, code, part]) => ({
      line: Number(line),
      column: Number(column),
      code,
      message: expect.stringContaining(part ?? ''),
    }),
  )
}

describe('a policy with mistakes is refused at their place', () => {
  for (const name of readdirSync(folder))
    it(name, () => {
      const text = readFileSync(join(folder, name), 'utf8')
      const result = load(text)
      expect(result.ok).toBe(false)
      expect(result.ok ? [] : result.problems).toEqual(expectations(text))
    })
})

describe('load', () => {
  it('shows the line and a caret under the place', () => {
    const text = 'version: 1\nmode: enforcd\n'
    const result = load(text)
    const [problem] = result.ok ? [] : result.problems
    expect(problem && showProblem(text, problem, 'holdpoint.yaml')).toBe(
      'holdpoint.yaml:2:7: `enforcd` is not one of `enforce`, `shadow`, `observe`; did you mean `enforce`? [wrong-value]\n2 | mode: enforcd\n          ^',
    )
  })

  it('takes the default policy, which has no rules and allows nothing', () => {
    const result = load(defaultPolicy)
    expect(result.ok && result.policy.rules).toEqual([])
    expect(result.ok && result.policy.mode).toBe('enforce')
  })

  it('takes every example in the comments of the default policy', () => {
    const active = defaultPolicy
      .replace('rules: []', 'rules:')
      .replace(
        /^# (phase|scope|sites|side_effects|approvers|ceilings|duplicates|breaker|sandbox|review|holds|audit):/gm,
        '$1:',
      )
      .replace(/^# {3}(- https|- \{|financial:)/gm, '  $1')
      .replace(/^# {3}(- id| {2}[a-z]+:)/gm, '  $1')
    const result = load(active)
    expect(result.ok ? [] : result.problems).toEqual([])
    expect(result.ok && result.policy.rules.map(({ id }) => id)).toEqual([
      'tasks',
      'small-refunds',
      'staff-mail',
      'no-bulk-delete',
    ])
    expect(result.ok && result.policy.sites?.length).toBe(2)
    expect(result.ok && result.policy.rules[1]).toMatchObject({
      limits: [{ text: '25/hour' }],
      earned: { reviews: 200, promote: 'propose' },
    })
    expect(result.ok && result.policy).toMatchObject({
      ceilings: { run: 50, hour: 100 },
      duplicates: { max: 3 },
      breaker: { of_last: 50 },
      review: { afterIncident: true },
    })
    expect(result.ok && result.policy.approvers).toEqual({
      financial: [{ role: 'finance-lead', people: 1 }],
    })
  })

  it('notes an allow rule that will mostly not apply, and takes the policy', () => {
    const result = load(
      'version: 1\nrules:\n  - { id: a, effect: allow, on: { capability: delete } }\n',
    )
    expect(result.ok && result.policy.notes).toEqual([
      {
        code: 'not-acknowledged',
        line: 3,
        column: 47,
        message: expect.stringContaining('acknowledge: [deletion]'),
      },
    ])
  })

  it('refuses a text that is too large before it is parsed', () => {
    const result = load(`version: 1\n#${'x'.repeat(5 * 1024 * 1024)}`)
    expect(result.ok ? [] : result.problems.map(({ code }) => code)).toEqual(['too-large'])
  })

  const deep: Record<string, string> = {
    'open brackets': '['.repeat(100_000),
    'open braces': '{a: '.repeat(50_000),
    'lists in lists': `${'- '.repeat(50_000)}x`,
    'explicit keys': '? '.repeat(50_000),
    'indented maps': Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  }
  for (const [what, text] of Object.entries(deep))
    it(`refuses endless nesting instead of running out of stack: ${what}`, () => {
      const result = load(text)
      expect(result.ok ? [] : result.problems.map(({ code }) => code)).toEqual(['too-deep'])
    })

  it('never throws, whatever the text', () => {
    const word = fc.constantFrom(
      'version: 1\n',
      'rules:\n',
      '  - id: a\n',
      '    effect: allow\n',
      '    on: ',
      '{',
      '}',
      '[',
      ']',
      '__proto__: ',
      'constructor: ',
      '&a ',
      '*a ',
      '!!x ',
      '"',
      "'",
      '|\n',
      '>\n',
      '? ',
      '- ',
      ': ',
      '\t',
      '    if: terms.rows > ',
      'sites: ',
      'https://a.example/**',
      '50 USD',
      '\u0000',
      '\ud800',
      '---\n',
      '%YAML 1.1\n',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.oneof(word, fc.string())).map((all) => all.join('')),
        ),
        (text) => {
          const result = load(text)
          if (!result.ok)
            for (const { line, column } of result.problems) {
              expect(line).toBeGreaterThan(0)
              expect(column).toBeGreaterThan(0)
            }
        },
      ),
      { numRuns: 1500 },
    )
  })

  it('never takes an unknown word, wherever it stands', () => {
    const places = [
      (word: string) => `${word}: 1\n`,
      (word: string) => `rules: [{ id: a, effect: hold, ${word}: 1 }]\n`,
      (word: string) => `rules: [{ id: a, effect: hold, on: { ${word}: 1 } }]\n`,
      (word: string) => `rules: [{ id: a, effect: hold, undo: { path: x, ${word}: 1 } }]\n`,
      (word: string) => `sites: [{ url: https://a.example/**, ${word}: 1 }]\n`,
      (word: string) => `holds: { ${word}: 1 }\n`,
      (word: string) => `audit: { ${word}: 1 }\n`,
      (word: string) => `approvers: { ${word}: a }\n`,
    ]
    for (const place of places)
      for (const word of ['zzz', '__proto__', 'toString', 'constructor']) {
        const result = load(`version: 1\n${place(word)}`)
        expect(result.ok ? [] : result.problems.map(({ code }) => code)).toEqual(['unknown-word'])
      }
  })
})
