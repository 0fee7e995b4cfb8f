import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { PolicyView } from '#shared/protocol/api.ts'
import { Mode } from '#shared/protocol/words.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { ANYTHING } from '../client.ts'
import type { Desk } from '../desk.ts'
import { MODES } from '../mode-tag.tsx'

interface ModeProps {
  desk: Desk
  policy: PolicyView
}

/** The mode of the whole policy. Observe lets everything through unasked, so it asks back. */
export function ModeSwitch({ desk, policy }: ModeProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  const choose = (mode: Mode) => {
    if (mode === policy.mode) return
    if (mode === 'observe') dialog.current?.showModal()
    else void setMode(desk, null, mode)
  }
  return (
    <section class="panel" aria-labelledby="mode-title">
      <h2 class="panel-title" id="mode-title">
        Mode
      </h2>
      <fieldset class="segments" aria-labelledby="mode-title">
        {Mode.options.map((mode) => (
          <button
            key={mode}
            type="button"
            class={`segment mode-${mode}`}
            aria-pressed={mode === policy.mode}
            onClick={() => choose(mode)}
          >
            <Icon name={MODES[mode].icon} size={18} />
            {MODES[mode].word}
          </button>
        ))}
      </fieldset>
      <dialog class="ask" ref={dialog} aria-labelledby="observe-title">
        <h2 id="observe-title">Let everything execute unasked?</h2>
        <p>
          In observe mode no action is held and nobody is asked. Every action is recorded with the
          decision it would have got.
        </p>
        <div class="hp-buttons">
          <button type="button" class="hp-button" onClick={() => dialog.current?.close()}>
            Keep {MODES[policy.mode].word}
          </button>
          <button
            type="button"
            class="hp-button hp-danger"
            onClick={() => {
              dialog.current?.close()
              void setMode(desk, null, 'observe')
            }}
          >
            Switch to Observe
          </button>
        </div>
      </dialog>
      <p class="hint">{MODES[policy.mode].says}</p>
    </section>
  )
}

/** Modes of single sites, and a line to set one for another site. */
export function SiteModes({ desk, policy }: ModeProps): JSX.Element {
  const [site, setSite] = useState('')
  const [mode, setNext] = useState<Mode>('shadow')
  return (
    <section class="panel" aria-labelledby="sites-title">
      <h2 class="panel-title" id="sites-title">
        Sites
      </h2>
      {policy.sites.length === 0 && (
        <p class="hint">No site is named: the mode above is in force everywhere.</p>
      )}
      <ul class="sites">
        {policy.sites.map((one) => (
          <li key={one.url}>
            <code>{one.url}</code>
            {one.until && <span class="hint">until {one.until}</span>}
            <ModeSelect
              label={`Mode of ${one.url}`}
              mode={one.mode}
              onMode={(next) => void setMode(desk, one.url, next)}
            />
          </li>
        ))}
      </ul>
      <form
        class="inline"
        onSubmit={(event) => {
          event.preventDefault()
          const url = site.trim()
          if (url !== '') void setMode(desk, url, mode).then((done) => done && setSite(''))
        }}
      >
        <input
          class="hp-input"
          aria-label="Another site"
          placeholder="https://crm.example.com/**"
          spellcheck={false}
          autocomplete="off"
          value={site}
          onInput={(event) => setSite(event.currentTarget.value)}
        />
        <ModeSelect label="Mode of that site" mode={mode} onMode={setNext} />
        <button type="submit" class="button" disabled={site.trim() === ''}>
          Set
        </button>
      </form>
    </section>
  )
}

function ModeSelect(props: { label: string; mode: Mode; onMode(mode: Mode): void }): JSX.Element {
  return (
    <select
      class="select"
      aria-label={props.label}
      value={props.mode}
      onChange={(event) => {
        const next = Mode.safeParse(event.currentTarget.value)
        if (next.success) props.onMode(next.data)
      }}
    >
      {Mode.options.map((mode) => (
        <option key={mode} value={mode}>
          {MODES[mode].word}
        </option>
      ))}
    </select>
  )
}

/** Writes a mode into the policy file; says what is wrong where the companion refuses. */
async function setMode(desk: Desk, site: string | null, mode: Mode): Promise<boolean> {
  const result = await desk.client.send('PUT', 'v1/policy/mode', { site, mode }, ANYTHING)
  desk.trouble.value = result.ok ? null : `The mode was not changed: ${result.error.message}`
  await desk.refresh()
  return result.ok
}
