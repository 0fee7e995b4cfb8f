import * as z from 'zod/mini'
import { FromWorker } from '#shared/protocol/link.ts'
import { browser } from '../browser.ts'

/** Most facts kept while the companion is away; the oldest go first. */
const LIMIT = 500

const KEY = 'outbox'

/** Facts that have happened and only have to be recorded: they wait out a lost companion and an
 * evicted worker. Asks are never in here; whoever asks repeats them. */
export interface Outbox {
  /** Sends the fact, or keeps it until `flush`. */
  put(fact: FromWorker): void
  /** Sends what was kept. */
  flush(): Promise<void>
  /** Number of kept `record` facts. */
  readonly records: number
}

export function createOutbox(send: (fact: FromWorker) => boolean): Outbox {
  let kept: FromWorker[] = []
  const loaded = load().then((stored) => {
    kept = [...stored, ...kept]
  })

  function store(): void {
    loaded
      .then(() => browser.storage.session.set({ [KEY]: kept }))
      .catch((error: unknown) => console.warn('holdpoint: could not keep a record', error))
  }

  return {
    put(fact) {
      if (send(fact)) return
      kept = [...kept, fact].slice(-LIMIT)
      store()
    },
    async flush() {
      await loaded
      if (kept.length === 0) return
      kept = kept.filter((fact) => !send(fact))
      store()
    },
    get records() {
      return kept.filter((fact) => fact.type === 'record').length
    },
  }
}

async function load(): Promise<FromWorker[]> {
  const stored = await browser.storage.session.get(KEY)
  const parsed = z.array(FromWorker).safeParse(stored[KEY])
  return parsed.success ? parsed.data : []
}
