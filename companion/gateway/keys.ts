import { numberOf, type Params, textOf } from './cdp.ts'

/** What a key can do. `act` is decided wherever the focus is, `type` only outside of text, and `pass`
 * does nothing that anybody would be asked about: it moves the focus or the caret. */
export interface Key {
  does: 'act' | 'type' | 'pass'
  /** `KeyboardEvent.key` with modifiers (`Control+Enter`); a space is `Space`. */
  name: string
}

/** Reads an `Input.dispatchKeyEvent`. Chromium takes a key's effect now from its name, now from its code,
 * its virtual key code or its text (HTML implicit submission: from the text `\r`), and nothing makes an
 * agent send what fits together: so the one that can do most counts. */
export function keyOf(params: Params): Key {
  const modifiers = numberOf(params.modifiers) ?? 0
  const text = textOf(params.text) ?? textOf(params.unmodifiedText) ?? ''
  const key = ACTING.find((one) => means(one, params)) ?? textOf(params.key) ?? text
  const name = `${modifierNames(modifiers)}${key === ' ' ? 'Space' : key}`
  if (key === 'Enter') return { does: 'act', name }
  if (MODIFIERS.has(key)) return { does: 'pass', name }
  if (modifiers & ~SHIFT) return { does: 'act', name }
  if (key === ' ' || key === 'Delete' || key === 'Backspace') return { does: 'type', name }
  if (text === '' && PASSING.test(key)) return { does: 'pass', name }
  const types = [...key].length === 1 || (text !== '' && !/[\p{Cc}]/u.test(text))
  return { does: types ? 'type' : 'act', name }
}

/** Ctrl, Alt, Meta and Shift as CDP counts them. */
const [ALT, CTRL, META, SHIFT] = [1, 2, 4, 8]

function modifierNames(modifiers: number): string {
  return [
    modifiers & CTRL ? 'Control+' : '',
    modifiers & META ? 'Meta+' : '',
    modifiers & ALT ? 'Alt+' : '',
    modifiers & SHIFT ? 'Shift+' : '',
  ].join('')
}

/** The keys that set something off, the strongest first. */
const ACTING = ['Enter', 'Delete', 'Backspace', ' '] as const

const CODES: Record<(typeof ACTING)[number], { codes: RegExp; virtual: number; text: RegExp }> = {
  Enter: { codes: /^(?:Enter|NumpadEnter)$/, virtual: 13, text: /[\r\n]/ },
  Delete: { codes: /^Delete$/, virtual: 46, text: /\x7f/ },
  Backspace: { codes: /^Backspace$/, virtual: 8, text: /[\b]/ },
  ' ': { codes: /^Space$/, virtual: 32, text: /^ $/ },
}

function means(key: (typeof ACTING)[number], params: Params): boolean {
  const { codes, virtual, text } = CODES[key]
  return (
    params.key === key ||
    codes.test(textOf(params.code) ?? '') ||
    params.windowsVirtualKeyCode === virtual ||
    text.test(textOf(params.text) ?? '') ||
    text.test(textOf(params.unmodifiedText) ?? '')
  )
}

const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'NumLock'])

const PASSING =
  /^(?:Tab|Escape|Arrow(?:Up|Down|Left|Right)|Home|End|PageUp|PageDown|Insert|ContextMenu|F\d{1,2}|Dead)$/
