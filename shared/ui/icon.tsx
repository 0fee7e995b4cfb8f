import type { JSX } from 'preact'
import type { Category } from '#shared/protocol/words.ts'

/** Line drawings on a 20 by 20 grid; always beside a word, so hidden from assistive technology. */
const PATHS = {
  communication: 'M3 5.5h14v9H3zM3.4 6l6.6 5 6.6-5',
  financial: 'M2.8 5.5h14.4v9H2.8zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4M5.3 8v4M14.7 8v4',
  personnel: 'M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6M4 16.5c.5-3 2.9-4.5 6-4.5s5.5 1.5 6 4.5',
  legal: 'M10 3v14M6.5 17h7M4 5.5h12M4 5.5 2 11h4zM16 5.5 14 11h4z',
  deletion: 'M4 5.5h12M8 5.5v-2h4v2M5.5 5.5l.7 11h7.6l.7-11M8.5 8.5v5M11.5 8.5v5',
  other: 'M10 3.5 16.5 10 10 16.5 3.5 10z',
  check: 'm4.5 10.5 3.7 3.7 7.3-8.2',
  cross: 'm5.5 5.5 9 9m0-9-9 9',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M10 6v4.2l2.6 1.6',
  alert: 'M10 3.3 17.5 16.5h-15zM10 8.2v3.8M10 14.2v.3',
  undo: 'M7.5 4 4 7.5 7.5 11M4.3 7.5h7.2a4 4 0 0 1 0 8H8',
  oneway: 'M3 10h13m-4.5-4.5L16 10l-4.5 4.5M3 5.5v9',
  question:
    'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M8 8.2c0-1.2.9-2 2-2s2 .8 2 1.9c0 1.6-2 1.7-2 3.1M10 13.6v.3',
  open: 'M8 4.5H4.5v11h11V12M11.5 4.5h4v4M15.3 4.7 9.5 10.5',
  inbox: 'M3 11.5 5 4.5h10l2 7v4H3zM3 11.5h4l1 2h4l1-2h4',
  list: 'M4 5.5h12M4 10h12M4 14.5h8',
  book: 'M5 3.5h10.5v13H5.7A1.7 1.7 0 0 1 4 14.8V4.5a1 1 0 0 1 1-1M4 14.8c0-.9.7-1.6 1.7-1.6h9.8M7.5 6.5h5',
  gauge: 'M3.8 14.5a7 7 0 1 1 12.4 0M10 11.5l3-4',
  shield: 'M10 3 4 5.2v4.5c0 3.6 2.5 6.1 6 7.3 3.5-1.2 6-3.7 6-7.3V5.2z',
  eye: 'M2.5 10s2.7-4.8 7.5-4.8 7.5 4.8 7.5 4.8-2.7 4.8-7.5 4.8S2.5 10 2.5 10M10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
  moon: 'M15.8 12.2A6.5 6.5 0 0 1 7.8 4.2a6.5 6.5 0 1 0 8 8',
  link: 'M8.5 11.5 11.5 8.5M9 6.5l1.5-1.5a3.2 3.2 0 0 1 4.5 4.5L13.5 11M11 13.5 9.5 15a3.2 3.2 0 0 1-4.5-4.5L6.5 9',
  copy: 'M7 7h9v9H7zM4.5 13H4V4h9v.5',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  next: 'M8 4.5 13.5 10 8 15.5',
  bell: 'M5.5 13.5V9a4.5 4.5 0 0 1 9 0v4.5l1 1h-11zM8.5 16.5h3',
  run: 'M2.5 10.5H6l2-6 4 11 2-5h3.5',
  pause: 'M7 5v10M13 5v10',
  play: 'M6.5 4.3v11.4l9-5.7z',
  stop: 'M5.5 5.5h9v9h-9z',
  hand: 'M7.3 11V5.2a1.2 1.2 0 0 1 2.4 0V9m0-.8a1.2 1.2 0 0 1 2.4 0v1.2m0-.6a1.2 1.2 0 0 1 2.4 0V13c0 2.5-1.6 4.2-4 4.2-1.9 0-3-.8-3.9-2.3l-1.9-3.4a1.15 1.15 0 0 1 1.9-1.2l.7.9',
  staged: 'M3.5 13 10 16.5 16.5 13M3.5 9.8 10 13.3l6.5-3.5M10 3.5 3.5 7 10 10.5 16.5 7z',
  bolt: 'M11 2.8 4.8 11H9.5l-.7 6.2L15.2 9h-4.7z',
} as const

export type IconName = keyof typeof PATHS

/** A decorative drawing; the word beside it carries the meaning. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="hp-icon" viewBox="0 0 20 20" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}

/** What each category is called in the interface. */
export const CATEGORY_WORDS: Record<Category, string> = {
  communication: 'Communication',
  financial: 'Financial',
  personnel: 'Personnel',
  legal: 'Legal',
  deletion: 'Deletion',
  other: 'Other',
}

/** Icon and word of a category; its colour only repeats what both say. */
export function CategoryTag({ category }: { category: Category }): JSX.Element {
  return (
    <span class={`hp-tag hp-cat-${category}`}>
      <Icon name={category} size={16} />
      {CATEGORY_WORDS[category]}
    </span>
  )
}
