import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { act } from './arbitrary.ts'
import { folder, run } from './run-command.ts'

const { own, write } = folder()

describe('policy check --format sarif', () => {
  it('gives every mistake with its rule, level and place', async () => {
    const file = write('a policy.yaml', 'version: 1\nmode: enforcd\nruls: []\n')
    const { out, code } = await run('check', file, '--format', 'sarif')
    expect(code).toBe(1)
    const log = JSON.parse(out)
    expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif') })
    const [{ tool, results }] = log.runs
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
      'unknown-word',
      'wrong-value',
    ])
    expect(results).toHaveLength(2)
    for (const result of results) {
      expect(tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId)
      expect(result.level).toBe('error')
      expect(result.message.text).not.toBe('')
      expect(result.locations[0].physicalLocation.artifactLocation.uri).toMatch(
        /^file:\/\/.*\/a%20policy\.yaml$/,
      )
    }
    const regions = results.map(
      (result: { locations: { physicalLocation: { region: object } }[] }) =>
        result.locations[0]?.physicalLocation.region,
    )
    expect(regions).toEqual([
      { startLine: 2, startColumn: 7 },
      { startLine: 3, startColumn: 1 },
    ])
  })

  it('gives notes of a good policy as notes, and leaves with 0', async () => {
    const policy = 'version: 1\nrules: [{ id: a, effect: allow, on: { capability: delete } }]\n'
    const { out, code } = await run('check', write('p.yaml', policy), '--format', 'sarif')
    expect(code).toBe(0)
    const [{ results }] = JSON.parse(out).runs
    expect(results).toMatchObject([{ ruleId: 'not-acknowledged', level: 'note' }])
  })

  it('names a file below the working folder by its relative path', async () => {
    const file = 'test/policies/bad/unknown-word.yaml'
    const { out } = await run('check', relative(process.cwd(), file), '--format', 'sarif')
    const [{ results }] = JSON.parse(out).runs
    expect(results[0].locations[0].physicalLocation.artifactLocation).toEqual({ uri: file })
  })

  it('has --format json as another word for --json, and no other formats', async () => {
    const file = write('p.yaml', 'version: 1\n')
    const json = await run('check', file, '--json')
    expect(await run('check', file, '--format', 'json')).toEqual(json)
    expect((await run('check', file, '--format', 'xml')).code).toBe(2)
  })
})

/** Element names in order of their start; throws where the XML is not well formed. */
function elements(xml: string): string[] {
  const open: string[] = []
  const all: string[] = []
  const body = xml.replace(/^<\?xml [^>]*\?>\n/, '')
  const token =
    /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>|&(?:amp|lt|gt|quot|apos);|[^<&\p{Cc}]|[\t\n\r]/uy
  while (token.lastIndex < body.length) {
    const at = token.lastIndex
    const found = token.exec(body)
    if (!found) throw new Error(`not well formed at: ${body.slice(at, at + 40)}`)
    const [, end, name, attributes, empty] = found
    if (name === undefined) continue
    if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(attributes ?? '')) throw new Error('bare ampersand')
    if (end && open.pop() !== name) throw new Error(`${name} is not open`)
    if (end) continue
    all.push(name)
    if (!empty) open.push(name)
  }
  if (open.length > 0) throw new Error(`${open.join()} never ends`)
  return all
}

describe('policy test', () => {
  const good = '- { name: held, action: { rows: 1 }, decision: hold }\n'
  const odd = '- { name: "a \\"b\\" <c> & d ]]> \\u0007", action: {}, decision: deny }\n'

  it('takes several files, each with the policy beside it', async () => {
    write('a.yaml', 'version: 1\n')
    write('b.yaml', 'version: 1\nrules: [{ id: x, effect: deny }]\n')
    const files = [
      write('a.cases.yaml', good),
      write('b.cases.yaml', good.replace('decision: hold', 'decision: deny')),
    ]
    const { out, code } = await run('test', ...files)
    expect(code).toBe(0)
    expect(out).toBe(`${files[0]}\npass  held\n${files[1]}\npass  held\n2 passed, 0 failed\n`)
    const json = JSON.parse((await run('test', ...files, '--json')).out)
    expect(json).toMatchObject({ ok: true, passed: 2, results: [{ file: files[0] }, {}] })
  })

  it('goes on after a file that cannot be read, and leaves with 1', async () => {
    write('a.yaml', 'version: 1\n')
    write('b.yaml', 'version: 2\n')
    const files = [write('b.cases.yaml', good), write('a.cases.yaml', good)]
    const { out, err, code } = await run('test', ...files)
    expect([code, err.includes('b.yaml:1:10')]).toEqual([1, true])
    expect(out).toContain('1 passed, 0 failed')
    const json = JSON.parse((await run('test', ...files, '--json')).out)
    expect(json).toMatchObject({ ok: false, passed: 1, problems: [{ code: 'wrong-value' }] })
  })

  it('writes JUnit XML that is well formed whatever the names are', async () => {
    const policy = write('p.yaml', 'version: 1\n')
    const cases = [write('c.yaml', odd), write('d.yaml', good), write('e.yaml', '- { nam: x }\n')]
    const report = join(own.path, 'out.xml')
    const { code } = await run('test', ...cases, '--policy', policy, '--junit', report)
    expect(code).toBe(1)
    const xml = readFileSync(report, 'utf8')
    expect(elements(xml)).toEqual([
      'testsuites',
      ...['testsuite', 'testcase', 'failure'],
      ...['testsuite', 'testcase'],
      ...['testsuite', 'testcase', 'error'],
    ])
    expect(xml).toContain('tests="3" failures="1" errors="1"')
    expect(xml).toContain('name="a &quot;b&quot; &lt;c&gt; &amp; d ]]&gt; \ufffd"')
  })

  it('leaves with 2 where it cannot write', async () => {
    write('a.yaml', 'version: 1\n')
    const cases = write('a.cases.yaml', good)
    const away = join(own.path, 'no', 'such', 'folder.xml')
    expect((await run('test', cases, '--junit', away)).code).toBe(2)
  })
})

describe('policy explain', () => {
  it('says what it judges as if nothing had happened before', async () => {
    const { descriptor } = act()
    const file = write('p.yaml', 'version: 1\nduplicates: {}\nceilings: { run: 5 }\n')
    const given = ['explain', file, '--descriptor', JSON.stringify(descriptor)]
    expect((await run(...given)).out).toContain(
      'as if       nothing had happened before: ceilings, duplicates\n',
    )
    expect(JSON.parse((await run(...given, '--json')).out).without).toEqual([
      'ceilings',
      'duplicates',
    ])
  })
})

describe('policy schema', () => {
  it('prints a JSON Schema that takes a policy and refuses another', async () => {
    const { out, code } = await run('schema')
    expect(code).toBe(0)
    const valid = new Ajv2020({ strictTypes: false }).compile(JSON.parse(out))
    expect([valid({ version: 1 }), valid({ version: 1, ruls: [] })]).toEqual([true, false])
  })
})

describe('policy accept', () => {
  it('tells the running companion, with the note and the token', async () => {
    const seen: unknown[] = []
    const server = createServer(async (request, response) => {
      const body = await text(request)
      seen.push(request.method, request.url, request.headers.authorization, JSON.parse(body))
      response.setHeader('content-type', 'application/json').end('{"audit":"hp_1"}')
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    try {
      write('companion.json', JSON.stringify({ pid: process.pid, url: `http://127.0.0.1:${port}` }))
      write('token', 'secret\n')
      const { out, code } = await run('accept', 'a rule', '--note', 'fine', '--home', own.path)
      expect([out, code]).toEqual(['rule a rule goes by itself from now on\n', 0])
      expect(seen).toEqual([
        'POST',
        '/v1/policy/earned/a%20rule',
        'Bearer secret',
        { note: 'fine' },
      ])
    } finally {
      server.close()
    }
  })

  it('needs a note, and a companion', async () => {
    expect((await run('accept', 'x', '--home', own.path)).code).toBe(2)
    expect((await run('accept', 'x', '--note', 'fine', '--home', own.path)).code).toBe(4)
  })
})
