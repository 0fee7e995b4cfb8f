import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { act } from './arbitrary.ts'
import { folder, run } from './run-command.ts'

const { own, write } = folder()

describe('policy check', () => {
  it('says ok, and leaves with 0', async () => {
    const file = write('p.yaml', 'version: 1\n')
    expect(await run('check', file)).toEqual({
      out: `${file}: ok, 0 rules, mode enforce\n`,
      err: '',
      code: 0,
    })
  })

  it('prints each mistake with file, line, column, excerpt and caret, and leaves with 1', async () => {
    const file = write('p.yaml', 'version: 1\nmode: enforcd\n')
    const { out, err, code } = await run('check', file)
    expect([out, code]).toEqual(['', 1])
    expect(err).toContain(`${file}:2:7: \`enforcd\` is not one of`)
    expect(err).toContain('2 | mode: enforcd\n          ^\n')
  })

  it('prints one JSON document with --json', async () => {
    const { out, code } = await run('check', write('p.yaml', 'version: 2\n'), '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      problems: [{ code: 'wrong-value', line: 1, column: 10 }],
    })
  })

  it('takes holdpoint.yaml in HOLDPOINT_HOME, and without either leaves with 2', async () => {
    vi.stubEnv('HOLDPOINT_HOME', own.path)
    write('holdpoint.yaml', 'version: 1\n')
    expect((await run('check')).code).toBe(0)
    vi.stubEnv('HOLDPOINT_HOME', '')
    expect((await run('check')).code).toBe(2)
    expect((await run('check', join(own.path, 'missing.yaml'))).code).toBe(2)
    expect((await run('check', '--nonsense')).code).toBe(2)
  })

  it('shows examples with --help and leaves with 0', async () => {
    const { out, code } = await run('check', '--help')
    expect(code).toBe(0)
    expect(out).toContain('$ holdpoint policy check holdpoint.yaml')
  })
})

describe('policy test', () => {
  const cases = (decision: string) =>
    `- { name: a change, action: { capability: update }, decision: ${decision} }\n- { name: reading, action: { capability: read, effect: none }, decision: allow }\n`

  it('counts what passed, and finds the policy beside its cases', async () => {
    write('p.yaml', 'version: 1\n')
    const { out, code } = await run('test', write('p.cases.yaml', cases('hold')))
    expect([out, code]).toEqual(['pass  a change\npass  reading\n2 passed, 0 failed\n', 0])
  })

  it('shows what came out differently, and leaves with 1', async () => {
    const policy = write('p.yaml', 'version: 1\n')
    const { out, code } = await run('test', write('c.yaml', cases('deny')), '--policy', policy)
    expect(code).toBe(1)
    expect(out).toContain('FAIL  a change\n      decision: expected deny, got hold\n')
    expect(out).toContain('1 passed, 1 failed')
    const json = await run('test', join(own.path, 'c.yaml'), '--policy', policy, '--json')
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, passed: 1, failed: 1 })
  })

  it('leaves with 1 for broken cases and for a broken policy', async () => {
    const good = write('p.yaml', 'version: 1\n')
    const broken = await run(
      'test',
      write('c.yaml', '- { name: x, decison: hold }\n'),
      '--policy',
      good,
    )
    expect(broken.code).toBe(1)
    expect(broken.err).toContain('did you mean `decision`?')
    const policy = await run(
      'test',
      write('c.yaml', cases('hold')),
      '--policy',
      write('q.yaml', 'x: 1\n'),
    )
    expect(policy.code).toBe(1)
  })
})

describe('policy explain', () => {
  const { descriptor, classification } = act({ rows: 3 })
  const text = 'version: 1\nrules: [{ id: few, effect: allow, on: { rows: { max: 2 } } }]\n'

  it('says what was decided, why, and where each rule failed', async () => {
    const { out, code } = await run(
      'explain',
      write('p.yaml', text),
      '--descriptor',
      JSON.stringify(descriptor),
      '--classification',
      JSON.stringify(classification),
    )
    expect(code).toBe(0)
    expect(out).toContain('decision    hold (threshold, mode enforce)')
    expect(out).toContain('would need  at most 2 rows (is 3)')
    expect(out).toContain('rows: wants at most 2 rows, is 3')
  })

  it('asks the classifier where no classification is given', async () => {
    const { out } = await run(
      'explain',
      write('p.yaml', text),
      '--descriptor',
      JSON.stringify(descriptor),
      '--json',
    )
    expect(JSON.parse(out)).toMatchObject({
      classification: { capability: expect.any(String) },
      decision: { kind: expect.any(String) },
      rules: [{ id: 'few' }],
    })
  })

  it('refuses what is not a Descriptor, and leaves with 2', async () => {
    const file = write('p.yaml', text)
    const { err, code } = await run('explain', file, '--descriptor', '{"door":"window"}')
    expect(code).toBe(2)
    expect(err).toContain('--descriptor is not valid: `door`')
    expect((await run('explain', file, '--descriptor', 'x')).code).toBe(2)
    expect((await run('explain', file)).code).toBe(2)
  })
})
