import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyHome } from '#companion/commands/audit.ts'
import { emptyChain, seal } from '#companion/core/audit.ts'
import { openForReading, openStore } from '#companion/store/sqlite/open-store.ts'
import { EvaluateAnswer } from '#shared/protocol/api.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
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
async function askUntilKilled(c: Running, life: number, kill: number, most = Infinity) {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const answered = new Map<string, string>()
  let asked = 0
  const client = async () => {
    while (asked < most) {
      const to = `person-${life}-${++asked}@example.com`
      const answer = await evaluate(c, agent, to)
      if (answer === null) return
      answered.set(to, answer.audit_id)
      if (answered.size === kill) c.child.kill('SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  agent.destroy()
  return answered
}

/** The answer to an ask; null where the companion was gone before the whole of it came. */
function evaluate(c: Running, agent: Agent, to: string): Promise<EvaluateAnswer | null> {
  const headers = { authorization: `Bearer ${c.token}`, 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const gone = () => resolve(null)
    const req = request(`${c.url}/v1/evaluate`, { method: 'POST', agent, headers }, (res) => {
      let text = ''
      res.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      res.once('error', gone)
      res.once('end', () => {
        const answer = EvaluateAnswer.safeParse(JSON.parse(text))
        if (answer.data) resolve(answer.data)
        else reject(new Error(`expected a decision, got ${text}`))
      })
    })
    req.once('error', gone)
    req.end(JSON.stringify(sendTo(to)))
  })
}

async function entriesOf(home: string): Promise<AuditEntry[]> {
  const log = openForReading(join(home, 'holdpoint.db'))
  const entries = await log.auditAfter(0, 1e6)
  log.close()
  return entries
}

/** The recipient that each entry of the log is about, by its id. */
async function logged(home: string): Promise<Map<string, string>> {
  const entries = await entriesOf(home)
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

  it('has counted what it let go, neither more nor less, and never lets go more than the limit', async () => {
    const max = 300
    const home = newHome(policy.replace('acknowledge', `limit: ${max}/hour, acknowledge`))
    for (let life = 1; life <= 4; life++) {
      const c = await holdpoint.start(home)
      // The last one is asked for more than is left, and ends by itself.
      const kill = life < 4 ? 1 + Math.floor(Math.random() * 90) : Infinity
      await askUntilKilled(c, life, kill, life < 4 ? Infinity : 500)
      if (life === 4) c.child.kill('SIGTERM')
      await ended(c.child)
      const released = (await entriesOf(home)).filter(({ body }) => body.released === true)
      const store = openStore({ file: join(home, 'holdpoint.db'), seal, empty: emptyChain })
      const steps = await store.stepsBefore(Number.MAX_SAFE_INTEGER, 1e6)
      await store.close()
      expect(steps.reverse()).toEqual(released.map(({ seq }) => seq))
      if (life === 4) expect(released.length).toBe(max)
      else expect(released.length).toBeLessThanOrEqual(max)
    }
  })
})
