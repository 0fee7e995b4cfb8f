import type { JSX } from 'preact'
import type { Hold } from '#shared/protocol/hold.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { visible } from '#shared/ui/visible.ts'
import type { Desk } from '../desk.ts'
import { linkTo } from '../route.ts'
import { Picture, useFrame } from './picture.tsx'

/** What is held as it looks on its page, with the way to its run. Only the gateway sees pages. */
export function HeldPicture(props: {
  desk: Desk
  hold: Hold
  run: NonNullable<Hold['descriptor']['run']>
}): JSX.Element {
  const { desk, hold, run } = props
  const frame = useFrame(desk, run.id, (next) => next.hold === hold.id, hold.id)
  return (
    <section class="hp-section held-picture" aria-label="The page">
      <Picture frame={frame} label="The page as it looks now, with the target marked" />
      <div class="held-run">
        <p>
          <span class="hp-label">Run</span>
          <b>
            <bdi>{visible(run.name ?? run.id, { limit: 40 })}</bdi>
          </b>
        </p>
        <a href={linkTo('runs', run.id)}>
          <Icon name="open" size={16} />
          Look closer, or take over
        </a>
      </div>
    </section>
  )
}
