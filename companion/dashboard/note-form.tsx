import type { JSX } from 'preact'
import { useId, useState } from 'preact/hooks'

/** Shortest note that is taken: it stays in the log and has to say something. */
const SHORTEST = 3

/** A line for why a person does something, and the button that does it. The note is kept where it
 * could not be done (`onNote` resolves false). */
export function NoteForm(props: {
  label: string
  place: string
  word: string
  primary?: boolean
  disabled?: boolean
  onNote(note: string): Promise<boolean>
}): JSX.Element {
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const id = useId()
  const text = note.trim()
  const send = async () => {
    setBusy(true)
    if (await props.onNote(text)) setNote('')
    setBusy(false)
  }
  return (
    <form
      class="note-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.length >= SHORTEST && !busy && !props.disabled) void send()
      }}
    >
      <label class="hint" for={id}>
        {props.label}
      </label>
      <div class="inline">
        <input
          id={id}
          class="hp-input"
          maxLength={500}
          autocomplete="off"
          placeholder={props.place}
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
        <button
          type="submit"
          class={`button${props.primary ? ' primary' : ''}`}
          disabled={busy || props.disabled || text.length < SHORTEST}
        >
          {props.word}
        </button>
      </div>
    </form>
  )
}
