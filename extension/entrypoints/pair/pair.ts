import { writePairing } from '#extension/worker/pairing.ts'
import { Paired, Problem } from '#shared/protocol/api.ts'
import type { PairingRequest } from './pairing-from-hash.ts'

/** How long the companion may take, in ms. */
const TIMEOUT_MS = 10_000

type PairOutcome = { ok: true } | { ok: false; message: string }

/** Trades the code for a token and stores it; the worker connects by itself when it sees it. */
export async function pair(request: PairingRequest, name: string): Promise<PairOutcome> {
  const { companion, code } = request
  if (!/^\d{6}$/.test(code)) return { ok: false, message: 'The code has six digits.' }
  const answer = await post(`${companion}/v1/pair`, { code, name })
  if (!answer) {
    const message = `Nothing answers at ${companion}. Is the companion running (\`holdpoint start\`)?`
    return { ok: false, message }
  }
  const body: unknown = await answer.json().catch(() => null)
  if (!answer.ok) return { ok: false, message: refusal(answer.status, body) }
  const paired = Paired.safeParse(body)
  if (!paired.success)
    return { ok: false, message: `${companion} answered, but not as a Holdpoint companion does.` }
  await writePairing({ companion, ...paired.data })
  return { ok: true }
}

async function post(url: string, body: unknown): Promise<Response | null> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch {
    // Refused, timed out or not HTTP: for the person it is all the same, nobody is there.
    return null
  }
}

function refusal(status: number, body: unknown): string {
  const problem = Problem.safeParse(body)
  const detail = problem.success ? (problem.data.detail ?? problem.data.title) : `status ${status}`
  return `The companion refused: ${detail}. Ask it for a new code with \`holdpoint pair\`.`
}
