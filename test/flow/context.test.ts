import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { type FactServer, factServer, json } from '../unit/context/fact-server.ts'
import { act } from '../unit/policy/arbitrary.ts'
import { call, companion, newHome } from './companion.ts'

const rules = `
rules:
  - id: open-accounts
    effect: allow
    on: { url: https://crm.example.com/**, effect: [reversible, irreversible, unknown] }
    if: context.account.state == "open"
    acknowledge: [communication, financial, deletion]
`

async function serve(answer: Parameters<typeof factServer>[0]): Promise<FactServer> {
  const server = await factServer(answer)
  onTestFinished(() => server.close())
  return server
}

/** An execute step on an account, as a door describes it. */
function save(account: string): Descriptor {
  const { descriptor } = act({
    url: 'https://crm.example.com/accounts',
    door: 'api',
    name: 'Save',
    fields: { Account: account },
  })
  return descriptor
}

async function evaluated(target: { url: string; token: string }, descriptor: Descriptor) {
  const { status, body } = await call(target, 'POST', '/v1/evaluate', descriptor)
  expect(status).toBe(200)
  return body
}

describe('a rule about what no page can know', () => {
  it('allows while the provider says so, and holds in words when it does not answer', async () => {
    let state = 'open'
    let up = true
    const server = await serve((_, response) =>
      up ? json(response, { state }) : json(response, {}, 503),
    )
    const policyText = `version: 1
context:
  account: { http: "${server.origin}/accounts/{field.Account}", gives: { state: string } }
${rules}`
    const started = await companion({ policyText })
    expect(await evaluated(started, save('A-7'))).toMatchObject({
      decision: 'allow',
      rules: ['open-accounts'],
    })
    expect(server.asked).toEqual(['/accounts/A-7'])
    const [went] = await started.context.store.audit({ kind: 'decision', limit: 1 })
    expect(went?.body.context).toEqual({ account: { state: 'open' } })
    state = 'review'
    expect(await evaluated(started, save('A-7'))).toMatchObject({ decision: 'hold' })
    up = false
    const held = await evaluated(started, save('A-7'))
    expect(held).toMatchObject({ decision: 'hold', reason: expect.stringContaining('account') })
    const entries = await started.context.store.audit({ kind: 'decision', limit: 1 })
    expect(entries[0]?.body.decision).toMatchObject({ kind: 'hold', pattern: 'context' })
  })

  it('sees a file that is edited while the companion runs', async () => {
    const home = newHome(`version: 1
context:
  account: { file: accounts.json, key: "{field.Account}", gives: { state: string } }
${rules}`)
    const write = (state: string) =>
      writeFileSync(join(home, 'accounts.json'), JSON.stringify({ 'A-7': { state } }))
    write('review')
    const started = await companion({ home })
    expect(await evaluated(started, save('A-7'))).toMatchObject({ decision: 'hold' })
    write('open')
    expect(await evaluated(started, save('A-7'))).toMatchObject({ decision: 'allow' })
    expect(await evaluated(started, save('A-8'))).toMatchObject({ decision: 'hold' })
  })

  it('asks code that the companion was started with', async () => {
    const policyText = `version: 1
context:
  account: { code: crm, gives: { state: string } }
${rules}`
    const crm = ({ form }: Descriptor) => {
      if (form?.fields[0]?.value !== 'A-7') throw new Error('no such account')
      return { state: 'open' }
    }
    const started = await companion({ policyText, providers: { crm } })
    expect(await evaluated(started, save('A-7'))).toMatchObject({ decision: 'allow' })
    expect(await evaluated(started, save('A-8'))).toMatchObject({ decision: 'hold' })
  })

  it('is decided by what is known when an approval is taken up, not when it was asked', async () => {
    const answers = ['open', 'open']
    const policyText = `version: 1
context:
  account: { code: crm, gives: { state: string } }
${rules}`
    const crm = () => ({ state: answers.shift() ?? 'closed' })
    const started = await companion({ policyText, providers: { crm } })
    const descriptor = save('A-7')
    expect(await evaluated(started, descriptor)).toMatchObject({ decision: 'allow' })
    expect(await evaluated(started, descriptor)).toMatchObject({ decision: 'allow' })
    expect(await evaluated(started, descriptor)).toMatchObject({ decision: 'hold' })
  })
})
