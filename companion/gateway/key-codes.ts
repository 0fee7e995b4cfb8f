/** Windows virtual key codes, which CDP's `Input.dispatchKeyEvent` wants beside the key's name: without
 * one Chromium runs no editing command (Backspace, arrows, Control+A).
 * https://learn.microsoft.com/windows/win32/inputdev/virtual-key-codes */
const NAMED: Readonly<Record<string, number>> = {
  Backspace: 8,
  Tab: 9,
  Enter: 13,
  Shift: 16,
  Control: 17,
  Alt: 18,
  CapsLock: 20,
  Escape: 27,
  ' ': 32,
  PageUp: 33,
  PageDown: 34,
  End: 35,
  Home: 36,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
  Insert: 45,
  Delete: 46,
  Meta: 91,
  ContextMenu: 93,
}

/** The code of a key by `KeyboardEvent.key` and `.code`; 0 where it has none that matters. */
export function keyCode(key: string, code: string): number {
  const named = NAMED[key]
  if (named !== undefined) return named
  const [, letter, digit, f] = /^(?:Key([A-Z])|(?:Digit|Numpad)(\d)|F(\d{1,2}))$/.exec(code) ?? []
  if (letter) return letter.charCodeAt(0)
  if (digit) return digit.charCodeAt(0)
  return f ? 111 + Number(f) : 0
}
