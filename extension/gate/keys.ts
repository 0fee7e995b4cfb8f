import { dom } from '#shared/page/builtins.ts'
import { is, isElement } from '#shared/page/tree.ts'

/** `type` of an input that takes text or a value, as against one that is clicked. */
const clickedInput = /^(?:button|submit|reset|image|checkbox|radio|file|color)$/i

/** True for what takes text: clicking there only moves the caret. */
export function isTextField(element: Element): boolean {
  if (is.textarea(element)) return true
  if (is.input(element)) return !clickedInput.test(dom.attribute(element, 'type') ?? '')
  return is.html(element) && dom.contentEditable(element)
}

/** The keys that can set something off: Enter anywhere, with or without Control, Control+S, and
 * outside of text Space and the keys that delete. Composing with an input method is none of them. Single letters are
 * left out: holding every letter on every page would be unbearable, and what a shortcut causes is
 * held where it leaves the page. */
export function executeKey(event: KeyboardEvent): boolean {
  if (event.isComposing) return false
  if (event.key === 'Enter') return true
  if (event.key === 's' && (event.ctrlKey || event.metaKey)) return true
  if (event.key !== ' ' && event.key !== 'Delete' && event.key !== 'Backspace') return false
  const [target] = event.composedPath()
  return !(isElement(target) && isTextField(target))
}
