import type { TakeoverInput } from '#shared/protocol/run.ts'
import { ANYTHING } from './client.ts'
import type { Desk } from './desk.ts'

/** Sends what a person does with a page, in order: what is done while an answer is awaited goes
 * along with the next. */
export interface Hands {
  do(page: string, ...acts: TakeoverInput[]): void
}

export function handsOn(desk: Desk, run: string): Hands {
  const path = `v1/runs/${encodeURIComponent(run)}/input`
  const waiting: { page: string; act: TakeoverInput }[] = []
  let sending = false
  const send = async (page: string, acts: readonly TakeoverInput[]) => {
    const result = await desk.client.send('POST', path, { page, acts }, ANYTHING)
    if (!result.ok) desk.trouble.value = `The page did not get your input: ${result.error.message}`
    return result.ok
  }
  const pump = async () => {
    if (sending) return
    sending = true
    for (let first = waiting[0]; first; first = waiting[0]) {
      const { page } = first
      const end = waiting.findIndex((one) => one.page !== page)
      const batch = waiting.splice(0, Math.min(end < 0 ? waiting.length : end, MOST))
      // What follows an act that failed was meant for another moment.
      if (
        !(await send(
          page,
          batch.map(({ act }) => act),
        ))
      )
        waiting.length = 0
    }
    sending = false
  }
  return {
    do(page, ...acts) {
      for (const act of acts) {
        // The act that opened a dialog ends only once that is answered.
        if (act.type === 'dialog') {
          void send(page, [act])
          continue
        }
        // Of a movement only where it has come to matters.
        if (act.type === 'move' && waiting.at(-1)?.act.type === 'move') waiting.pop()
        waiting.push({ page, act })
      }
      void pump()
    },
  }
}

/** Most acts of one request; the companion takes 200. */
const MOST = 100
