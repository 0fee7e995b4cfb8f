import type { Judged, ProxyGate, Unstamped } from '#companion/proxy/gate.ts'

/** One question of the proxy, which the test answers. */
export interface Asked {
  request: Unstamped
  signal: AbortSignal
  answer(judged: Judged): void
}

export interface TestGate extends ProxyGate {
  asked: Asked[]
  forgeries: string[]
  /** Stamps that are good, and for what: `METHOD url`. */
  stamps: Map<string, string>
  /** Answers by itself what `reply` is given for; what gets null waits for the test. */
  reply: (request: Unstamped) => Judged | null
  /** The next question that fits, also one that was asked already; each is given out once. */
  next(fits: (request: Unstamped) => boolean): Promise<Asked>
}

export const yes: Judged = { go: true }
export const no: Judged = { go: false, status: 403, reason: 'the test says no' }

/** A gate in the hands of a test. */
export function testGate(own: (url: string) => boolean = () => false): TestGate {
  const taken = new Set<Asked>()
  const gate: TestGate = {
    stampHeader: 'x-holdpoint-stamp',
    asked: [],
    forgeries: [],
    stamps: new Map(),
    reply: () => null,
    spend: (stamp, method, url) => {
      if (gate.stamps.get(stamp) !== `${method} ${url}`) return false
      return gate.stamps.delete(stamp)
    },
    sideEffects: (url) => new URL(url).pathname.startsWith('/delete'),
    own,
    forged: (url) => void gate.forgeries.push(url),
    judge: (request, signal) => {
      const judged = gate.reply(request)
      if (judged) return Promise.resolve(judged)
      return new Promise((resolve) => {
        gate.asked.push({ request, signal, answer: resolve })
      })
    },
    next: async (fits) => {
      for (let waited = 0; waited < 10_000; waited += 20) {
        const found = gate.asked.find((asked) => !taken.has(asked) && fits(asked.request))
        if (found) {
          taken.add(found)
          return found
        }
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      const seen = gate.asked.map(({ request }) => `${request.kind} ${request.url}`)
      throw new Error(`nothing that fits was asked; asked: ${seen.join(', ') || 'nothing'}`)
    },
  }
  return gate
}
