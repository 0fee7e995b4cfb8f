import type { JSX } from 'preact'
import type { Hold } from '#shared/protocol/hold.ts'
import { CATEGORY_WORDS, Icon } from '#shared/ui/icon.tsx'
import { shortTitle, siteOf } from '#shared/ui/sentence.ts'
import { countdown } from '#shared/ui/time.ts'
import { quoted } from '#shared/ui/visible.ts'

/** All that waits, oldest first, so that nothing is out of sight. */
export function Queue(props: {
  holds: readonly Hold[]
  current: string
  now: number
  onChoose(id: string): void
}): JSX.Element {
  return (
    <ol class="queue" aria-label="Waiting">
      {props.holds.map((hold) => (
        <li key={hold.id}>
          <button
            type="button"
            class={`queue-item hp-cat-${hold.classification.category}`}
            aria-current={hold.id === props.current}
            onClick={() => props.onChoose(hold.id)}
          >
            <span class="queue-icon">
              <Icon name={hold.classification.category} />
              <span class="hp-sr">{CATEGORY_WORDS[hold.classification.category]}</span>
            </span>
            <span class="queue-what">{shortTitle(hold)}</span>
            <span class="queue-left hp-digits">
              {countdown(Date.parse(hold.expiresAt) - props.now)}
              <span class="hp-sr"> left</span>
            </span>
            <span class="queue-where">
              <bdi>{siteOf(hold.descriptor.page.url)}</bdi>
              {hold.descriptor.run?.name && (
                <>
                  {' · '}
                  <bdi>{quoted(hold.descriptor.run.name, 24)}</bdi>
                </>
              )}
            </span>
            {hold.changes && <span class="hp-note">changed</span>}
          </button>
        </li>
      ))}
    </ol>
  )
}
