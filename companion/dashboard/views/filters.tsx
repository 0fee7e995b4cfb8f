import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { AuditKind } from '#shared/protocol/audit-entry.ts'
import { Decision } from '#shared/protocol/decision.ts'
import { Capability, Category } from '#shared/protocol/words.ts'
import { lookOfKind } from '../kind-words.ts'

/** What the log is narrowed to; an empty string narrows nothing. */
export interface Wanted {
  q: string
  kind: string
  decision: string
  capability: string
  category: string
  site: string
}

export const NO_FILTERS: Wanted = {
  q: '',
  kind: '',
  decision: '',
  capability: '',
  category: '',
  site: '',
}

const CHOICES = [
  { key: 'kind', label: 'Entry', options: AuditKind.options },
  { key: 'decision', label: 'Decision', options: Decision.shape.kind.options },
  { key: 'capability', label: 'Capability', options: Capability.options },
  { key: 'category', label: 'Category', options: Category.options },
] as const

/** The filters as a query, each as `&key=value`; empty without any. */
export function queryOf(wanted: Wanted): string {
  return Object.entries(wanted)
    .filter(([, value]) => value.trim() !== '')
    .map(([key, value]) => `&${key}=${encodeURIComponent(value.trim())}`)
    .join('')
}

export function Filters(props: { wanted: Wanted; onChange(wanted: Wanted): void }): JSX.Element {
  const { wanted } = props
  const [more, setMore] = useState(false)
  const set = (key: keyof Wanted, value: string) => props.onChange({ ...wanted, [key]: value })
  return (
    <search class={`filters${more ? ' more' : ''}`}>
      <Text
        label="Words"
        place="Search the log"
        value={wanted.q}
        onText={(text) => set('q', text)}
      />
      <button
        type="button"
        class="button filter-toggle"
        aria-expanded={more}
        onClick={() => setMore(!more)}
      >
        {more ? 'Fewer filters' : 'Filters'}
      </button>
      <Text
        label="Site"
        place="Any site"
        value={wanted.site}
        onText={(text) => set('site', text)}
      />
      {CHOICES.map(({ key, label, options }) => (
        <label class="filter" key={key}>
          <span>{label}</span>
          <select
            class={`select${wanted[key] ? ' on' : ''}`}
            value={wanted[key]}
            onChange={(event) => set(key, event.currentTarget.value)}
          >
            <option value="">any</option>
            {options.map((option) => (
              <option key={option} value={option}>
                {key === 'kind' ? lookOfKind(option).word : option}
              </option>
            ))}
          </select>
        </label>
      ))}
      {queryOf(wanted) !== '' && (
        <button type="button" class="button" onClick={() => props.onChange(NO_FILTERS)}>
          Clear
        </button>
      )}
    </search>
  )
}

function Text(props: {
  label: string
  place: string
  value: string
  onText(text: string): void
}): JSX.Element {
  return (
    <label class="filter filter-text">
      <span>{props.label}</span>
      <input
        class="hp-input"
        type="search"
        placeholder={props.place}
        value={props.value}
        onInput={(event) => props.onText(event.currentTarget.value)}
      />
    </label>
  )
}
