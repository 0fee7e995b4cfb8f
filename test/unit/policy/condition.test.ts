import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCondition } from '#shared/policy/condition.ts'
import { Subject } from '#shared/policy/subject.ts'
import { act, facts } from './arbitrary.ts'

const action = act({
  url: 'https://crm.example.com/tasks/1?x=1',
  name: 'Refund',
  row: 'Order 7, VIP',
  amount: ['30 USD', '12.50 USD'],
  recipients: ['ann@example.com', 'bob@example.com'],
  rows: 12,
  verb: 'refund',
  fields: { Reason: 'broken', Amount: '30' },
})

function run(source: string, { descriptor, classification } = action) {
  const compiled = compileCondition(source)
  if (!compiled.ok) return compiled.wrong.map(({ code }) => code)
  return compiled.condition.evaluate(new Subject(descriptor, classification, facts))
}

describe('a condition', () => {
  it.each([
    'terms.rows > 10',
    'terms.amount == 30.0 && terms.currency == "USD"',
    'terms.amounts.exists(a, a.value > 12 && a.currency == "USD")',
    'terms.recipients.all(r, r.endsWith("@example.com"))',
    'terms.recipient_count == 2',
    'target.row.contains("VIP") && target.role == "button"',
    'page.host == "crm.example.com" && page.path.startsWith("/tasks")',
    'form["Reason"] == "broken" && double(form.Amount) < 50.0',
    'target.name.lowerAscii().matches("^re(fund|turn)$")',
    'verb == "refund" && capability == "update" && effect == "irreversible"',
    'provenance == "agent" && door == "extension" && gesture == "click"',
    'now.getHours("Europe/Berlin") == 14 && now < timestamp("2027-01-01T00:00:00Z")',
    '!has(form.Missing)',
  ])('sees the action: %s', (source) => expect(run(source)).toBe(true))

  it.each([
    'terms.rows == 10',
    'terms.rows != 10',
    'terms.amount > 1.0',
    'terms.currency == "USD"',
    'verb == "refund"',
    'verb != "refund"',
    'form["Reason"] == "x"',
    '"text"',
    '1 / 0 == 1',
    'int(target.name) == 1',
  ])('about what is unknown is an error, never quietly false: %s', (source) =>
    expect(run(source, act())).toBe('error'),
  )

  it('does not see the value of a secret field', () => {
    const { descriptor, classification } = act({ fields: { Password: 'x' } })
    const [field] = descriptor.form?.fields ?? []
    if (!descriptor.form || !field) return expect.unreachable()
    const masked = { ...descriptor.form, fields: [{ ...field, secret: true }] }
    const secret = { descriptor: { ...descriptor, form: masked }, classification }
    expect(run('form.Password == "x"', secret)).toBe('error')
  })

  it('cannot be fooled by two fields with one label', () => {
    const { descriptor, classification } = act({ fields: { To: 'eve@evil.test' } })
    const [field] = descriptor.form?.fields ?? []
    if (!descriptor.form || !field) return expect.unreachable()
    const fields = [field, { ...field, value: 'ann@example.com' }]
    const twice = {
      descriptor: { ...descriptor, form: { ...descriptor.form, fields } },
      classification,
    }
    expect(run('form.To == "eve@evil.test" && form["To (2)"] == "ann@example.com"', twice)).toBe(
      true,
    )
  })
})

describe('a condition is refused at load', () => {
  it.each([
    ['longer than 2 KiB', `${'true || '.repeat(300)}true`, 'condition-too-long'],
    ['deeper than 30 levels', `${'1 + '.repeat(40)}1 > 0`, 'condition-too-deep'],
    ['with too many brackets for the parser', '('.repeat(900), 'condition-too-deep'],
    [
      'with a list of more than 1,000 entries',
      `[${'1,'.repeat(1001)}1].size() > 0`.replaceAll(' ', ''),
      'condition-too-long',
    ],
    [
      'with two loops',
      'terms.recipients.all(r, true) && terms.recipients.all(r, true)',
      'condition-loops',
    ],
    [
      'with a loop in a loop',
      'terms.recipients.all(r, terms.recipients.all(s, r == s))',
      'condition-loops',
    ],
    ['with an unknown name', 'user.role == "x"', 'unknown-name'],
    [
      'with a loop variable outside of its loop',
      'terms.recipients.all(r, true) && r == "x"',
      'unknown-name',
    ],
    ['with an unknown field', 'target.colour == "red"', 'unknown-name'],
    ['that makes texts grow', 'target.name.replace("a", "aa") == ""', 'unknown-function'],
    ['that makes messages', 'google.protobuf.Timestamp{} == now', 'unknown-name'],
    ['with a pattern from the page', 'target.name.matches(page.title)', 'bad-pattern'],
    ['with a pattern that is none', 'target.name.matches("(")', 'bad-pattern'],
    ['with a pattern that multiplies', 'target.name.matches("(a{1000})")', 'bad-pattern'],
    ['that does not parse', 'terms.rows >', 'condition-syntax'],
    ['that is empty', ' ', 'condition-syntax'],
  ])('%s', (_, source, code) => expect(run(source)).toContain(code))

  it('or compiles, and never throws, whatever the text', () => {
    const word = fc.constantFrom(
      'terms',
      '.rows',
      'target.name',
      '(',
      ')',
      '[',
      ']',
      '.all(',
      'x, ',
      ' > ',
      '1',
      '"a"',
      ' ? ',
      ' : ',
      '!',
      '-',
      '{',
      '}',
      'true',
      ' in ',
      '.matches("',
      "'",
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((all) => all.join('')),
        ),
        (source) => {
          run(source)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
