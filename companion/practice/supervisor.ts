import { AuditPage, HoldPage, Status } from '#shared/protocol/api.ts'
import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Hold } from '#shared/protocol/hold.ts'

/** A person's side of the companion, by its HTTP API. Answers that are not as documented throw. */
export interface Supervisor {
  pending(): Promise<readonly Hold[]>
  decide(hold: string, verdict: 'approve' | 'deny', reason?: string): Promise<void>
  /** Entries after number `seq`, oldest first. */
  entriesAfter(seq: number): Promise<readonly AuditEntry[]>
  status(): Promise<Status>
}

/** `url` is the companion's origin, `token` a supervisor's. */
export function supervisor(url: string, token: string): Supervisor {
  const call = async (path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
    if (response.ok) return await response.json()
    throw new Error(`\`${path}\` answered ${response.status}: ${await response.text()}`)
  }
  return {
    pending: async () => HoldPage.parse(await call('/v1/holds?state=pending')).holds,
    async decide(hold, verdict, reason) {
      await call(`/v1/holds/${hold}/verdict`, { verdict, ...(reason ? { reason } : {}) })
    },
    async entriesAfter(seq) {
      const entries: AuditEntry[] = []
      for (let before = ''; ; ) {
        const page = AuditPage.parse(await call(`/v1/audit?limit=100${before}`))
        entries.push(...page.entries.filter((entry) => entry.seq > seq))
        const last = page.entries.at(-1)
        if (page.next === null || !last || last.seq <= seq) return entries.reverse()
        before = `&before=${page.next}`
      }
    },
    status: async () => Status.parse(await call('/v1/status')),
  }
}

/** Reads until `read` answers something, or until `patience` ms are over: then undefined. */
export async function until<T>(
  read: () => Promise<T | undefined> | T | undefined,
  patience: number,
): Promise<T | undefined> {
  const end = performance.now() + patience
  for (;;) {
    const value = await read()
    if (value !== undefined || performance.now() > end) return value
    await pause(50)
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
