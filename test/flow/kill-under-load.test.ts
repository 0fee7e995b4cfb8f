import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyHome } from '#companion/commands/audit.ts'
import { openForReading } from '#companion/store/sqlite/open-store.ts'
import { EvaluateAnswer } from '#shared/protocol/api.ts'
import { CommandLine, ended } from './command-line.ts'
import { newHome, sendTo } from './companion.ts'

let holdpoint: CommandLine
beforeAll(async () => {
  holdpoint = await CommandLine.build()
}, 60_000)
afterAll(() => holdpoint.remove())

const policy = `version: 1
rules:
  - { id: mail, effect: allow, on: { capability: send }, acknowledge: [communication] }
`
const CLIENTS = 16

type Running = Awaited<ReturnType<CommandLine['start']>>

/** Asks as fast as it is answered, until the companion is killed after `kill` answers. Returns the
 * audit id of every ask that was answered, by its recipient. */
async function askUntilKilled(c: Running, life: number, kill: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const answered = new Map<string, string>()
  let asked = 0
  const client = async () => {
    for (;;) {
      const to = `person-${life}-${++asked}@example.com`
      const audit = await evaluate(c, agent, to)
      if (audit === null) return
      answered.set(to, audit)
      if (answered.size === kill) c.child.kill('SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  agent.destroy()
  return answered
}

/** The audit id of an answered ask; null where the companion was gone before the whole answer came. */
function evaluate(c: Running, agent: Agent, to: string): Promise<string | null> {
  const headers = { authorization: `Bearer ${c.token}`, 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const gone = () => resolve(null)
    const req = request(`${c.url}/v1/evaluate`, { method: 'POST', agent, headers }, (res) => {
      let text = ''
      res.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      res.once('error', gone)
      res.once('end', () => {
        const answer = EvaluateAnswer.safeParse(JSON.parse(text))
        if (answer.data?.decision === 'allow') resolve(answer.data.audit_id)
        else reject(new Error(`expected allow, got ${text}`))
      })
    })
    req.once('error', gone)
    req.end(JSON.stringify(sendTo(to)))
  })
}

/** The recipient that each entry of the log is about, by its id. */
async function logged(home: string): Promise<Map<string, string>> {
  const log = openForReading(join(home, 'holdpoint.db'))
  const entries = await log.auditAfter(0, 1e6)
  log.close()
  return new Map(
    entries.map(({ id, body }) => [
      id,
      /person-\d+-\d+@\S+?\.com/.exec(JSON.stringify(body))?.[0] ?? '',
    ]),
  )
}

describe('a companion that is killed under load', () => {
  it('has every decision that it answered in a log that verifies', async () => {
    const home = newHome(policy)
    for (let life = 1; life <= 3; life++) {
      const c = await holdpoint.start(home)
      const kill = 1 + Math.floor(Math.random() * 400)
      const answered = await askUntilKilled(c, life, kill)
      await ended(c.child)
      expect(answered.size).toBeGreaterThanOrEqual(kill)
      expect(await verifyHome(home)).toMatchObject({ ok: true })
      const log = await logged(home)
      const lost = [...answered].filter(([to, audit]) => log.get(audit) !== to)
      expect(lost).toEqual([])
    }
  })
})
