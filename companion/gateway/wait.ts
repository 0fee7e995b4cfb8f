import type { Decided } from '#companion/core/door.ts'
import type { Action, Look } from './action.ts'
import { type Params, paramsOf } from './cdp.ts'
import type { Target, Targets } from './targets.ts'

export interface Waiting {
  targets: Pick<Targets, 'onGone'>
  after(ms: number, run: () => void): () => void
}

/** Why nobody waits any longer: the client would give up, the page or frame is gone, or the agent. */
export type Unsettled = 'late' | 'moved' | 'left'

/** A person's verdict, or why it came to none. */
export function awaitVerdict(
  decided: Promise<Decided>,
  ms: number,
  { command, page, givenUp }: Action,
  { target, frame }: Look,
  { targets, after }: Waiting,
): Promise<Decided | Unsettled> {
  const { gone } = command.agent
  return new Promise((resolve, reject) => {
    const ends: (() => void)[] = []
    const settle = (how: Decided | Unsettled) => {
      for (const end of ends) end()
      resolve(how)
    }
    const leave = () => settle('left')
    const moved = () => settle('moved')
    decided.then(settle, reject)
    gone.addEventListener('abort', leave)
    ends.push(() => gone.removeEventListener('abort', leave))
    const late = () => settle('late')
    givenUp?.addEventListener('abort', late)
    ends.push(() => givenUp?.removeEventListener('abort', late))
    ends.push(targets.onGone((at) => (at === target || at === page) && moved()))
    if (page) ends.push(...onDeparture(page, null, moved))
    if (target) ends.push(...onDeparture(target, frame, moved))
    // Behind everything that is settled already: an approval that lies ready is taken up however
    // little time is left.
    if (gone.aborted) leave()
    else if (givenUp?.aborted) late()
    else ends.push(after(ms, late))
  })
}

/** Calls `moved` once the frame has another document or is gone; null means the outermost one. */
function onDeparture({ session }: Target, frame: string | null, moved: () => void) {
  const isIt = ({ id, parentId }: Params) => parentId === undefined || id === frame
  return [
    session.on('Page.frameNavigated', (event) => {
      if (isIt(paramsOf(event.frame))) moved()
    }),
    session.on('Page.frameDetached', ({ frameId, reason }) => {
      // With reason `swap` the frame goes on in another process.
      if (frameId === frame && reason !== 'swap') moved()
    }),
  ]
}
