import type { JSX } from 'preact'
import { CATEGORY_WORDS, Icon } from '#shared/ui/icon.tsx'
import { shortTitle, siteOf } from '#shared/ui/sentence.ts'
import { countdown } from '#shared/ui/time.ts'
import { quoted, visible } from '#shared/ui/visible.ts'
import type { QueueItem } from '../queue-items.ts'

/** All that waits, oldest first, so that nothing is out of sight. `current` is the key of an item. */
export function Queue(props: {
  items: readonly QueueItem[]
  current: string
  now: number
  onChoose(key: string): void
}): JSX.Element {
  return (
    <ol class="queue" aria-label="Waiting">
      {props.items.map((item) => (
        <li key={item.key}>
          <Item {...props} item={item} />
        </li>
      ))}
    </ol>
  )
}

interface ItemProps {
  item: QueueItem
  current: string
  now: number
  onChoose(key: string): void
}

function Item({ item, current, now, onChoose }: ItemProps): JSX.Element {
  const [hold] = item.holds
  const many = item.batch !== null
  const { category } = hold.classification
  const ends = Math.min(...item.holds.map(({ expiresAt }) => Date.parse(expiresAt)))
  return (
    <button
      type="button"
      class={`queue-item hp-cat-${category}`}
      aria-current={item.key === current}
      onClick={() => onChoose(item.key)}
    >
      <span class="queue-icon">
        <Icon name={many ? 'list' : category} />
        <span class="hp-sr">{many ? 'Batch' : CATEGORY_WORDS[category]}</span>
      </span>
      <span class="queue-what">
        {many ? `${item.holds.length} to review together` : shortTitle(hold)}
      </span>
      <span class="queue-left hp-digits">
        {countdown(ends - now)}
        <span class="hp-sr"> left</span>
      </span>
      <span class="queue-where">
        {many ? (
          visible(item.batch ?? '', { limit: 60 })
        ) : (
          <>
            <bdi>{siteOf(hold.descriptor.page.url)}</bdi>
            {hold.descriptor.run?.name && (
              <>
                {' · '}
                <bdi>{quoted(hold.descriptor.run.name, 24)}</bdi>
              </>
            )}
          </>
        )}
      </span>
      {!many && hold.changes && <span class="hp-note">changed</span>}
      {!many && (hold.approvals?.length ?? 0) > 0 && (
        <span class="hp-note">
          {hold.approvals?.length} of {hold.decision.people ?? 1} approved
        </span>
      )}
    </button>
  )
}
