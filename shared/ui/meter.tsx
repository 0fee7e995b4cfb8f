import type { JSX } from 'preact'

/** How much of something is there or used, as a bar. The words beside it carry the numbers. */
export function Meter(props: {
  label: string
  value: number
  max: number
  tone?: 'plain' | 'hold'
}): JSX.Element {
  const share = props.max <= 0 ? 1 : Math.min(1, Math.max(0, props.value / props.max))
  return (
    <svg
      class={`hp-meter${props.tone === 'hold' ? ' hp-meter-full' : ''}`}
      viewBox="0 0 100 4"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${props.label}: ${Math.floor(share * 100)} %`}
    >
      <rect class="hp-meter-ground" width="100" height="4" />
      <rect class="hp-meter-part" width={share * 100} height="4" />
    </svg>
  )
}
