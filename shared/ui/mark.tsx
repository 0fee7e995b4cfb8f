import type { JSX } from 'preact'

/** The logo: a raised hand whose fingers are the bars of a gate. `mark.svg` is the same drawing. */
export function Mark({ size = 28 }: { size?: number }): JSX.Element {
  return (
    <svg class="hp-mark" viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect class="hp-mark-ground" width="32" height="32" rx="8" />
      <path
        class="hp-mark-hand"
        d="M4 18V14a2 2 0 0 1 4 0v4zM10 18V8a2 2 0 0 1 4 0v10zM16 18V6a2 2 0 0 1 4 0v12zM22 18V10a2 2 0 0 1 4 0v8zM4 18h22v2a8 8 0 0 1-8 8h-6a8 8 0 0 1-8-8z"
      />
    </svg>
  )
}
