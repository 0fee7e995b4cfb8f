import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '#shared/ui/icon.tsx'

/** A value in code letters with a button that copies it. `short` is shown in its place. */
export function Copy({ value, short }: { value: string; short?: string }): JSX.Element {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
  }
  return (
    <button
      type="button"
      class="copy"
      title={value}
      onClick={() => {
        copy().catch(() => {
          // The browser refused the clipboard; the value stays selectable in the title and text.
          setCopied(false)
        })
      }}
    >
      <code>{short ?? value}</code>
      <Icon name={copied ? 'check' : 'copy'} size={14} />
      <span class="hp-sr" role="status">
        {copied ? 'copied' : 'copy'}
      </span>
    </button>
  )
}
