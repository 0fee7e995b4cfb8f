import type { JSX } from 'preact'
import { visible } from './visible.ts'

/** What the agent is for, in the policy's own words; nothing where the policy does not say it. */
export function Scope({ text }: { text: string | null | undefined }): JSX.Element | null {
  if (!text) return null
  return (
    <p class="hp-scope">
      <b>What the agent is for:</b> {visible(text, { limit: 400 })}
    </p>
  )
}
