/** What runs in the witness's world of every document. It only listens, in the capture phase of the
 * window, from before any other script can; what it says is kept from agents (`Worlds.hides`).
 *
 * A form's `submit` counts as a person's where a trusted click or key came in the same task and the form
 * is that of the element it was aimed at; `requestSubmit()` makes one that is trusted too. */
export const WITNESS_SOURCE = `function (name) {
  if (globalThis.witness) return
  const say = console.debug.bind(console, name)
  const channel = new MessageChannel()
  channel.port1.onmessage = () => { active = null }
  let active = null
  const actionOf = (form) => {
    const action = Element.prototype.getAttribute.call(form, 'action')
    try { return String(new URL(action || document.URL, action ? document.baseURI : undefined)) } catch { return '' }
  }
  const isForm = (node) => node instanceof HTMLFormElement
  const formOf = (path) => {
    for (const node of path) {
      if (isForm(node)) return node
      if (node instanceof HTMLButtonElement || node instanceof HTMLInputElement) return node.form
      if (node instanceof HTMLLabelElement && node.control) return node.control.form
    }
    return null
  }
  const onEvent = (event) => {
    if (event.type === 'formdata') {
      if (isForm(event.target)) say('form', true, actionOf(event.target))
      return
    }
    if (event.type === 'submit') {
      const own = event.isTrusted && active !== null && active.form === event.target
      if (!own) say('stray', true, '')
      return
    }
    if (!event.isTrusted) return say('stray', DECISIVE.has(event.type), '')
    if (event.type !== 'click' && !event.type.startsWith('key')) return
    active = { form: formOf(event.composedPath()) }
    channel.port2.postMessage(0)
  }
  const DECISIVE = new Set(['click', 'dblclick', 'auxclick', 'mousedown', 'mouseup', 'pointerdown', 'pointerup', 'touchstart', 'touchend', 'drop'])
  const TYPES = [...DECISIVE, 'submit', 'formdata', 'keydown', 'keypress', 'keyup', 'input', 'change', 'focus', 'blur', 'paste']
  globalThis.witness = () => { for (const type of TYPES) addEventListener(type, onEvent, { capture: true, passive: true }) }
  witness()
}`
