import { nonce } from '../gate/nonce.ts'
import { pin, smallBox } from './top-layer.ts'

/** How often a prompt that the page removes, closes or covers is put back, and within how many ms.
 * After that it is shown in the dashboard only; the action stays held either way. */
const REASSERT_TIMES = 5
const REASSERT_MS = 5000

const MIN_HEIGHT = 120

/** How long a closed prompt's frame stays, hidden, in ms: the press that closed it is still being
 * answered, and the browser loses that answer when the frame vanishes under it. */
const LINGER_MS = 150

interface ShieldEnds {
  /** Address of the prompt page for a nonce. */
  promptUrl(nonce: string): string
  onOpened(nonce: string, request: string): void
  onClosed(nonce: string): void
}

/** The prompt over the page. At most one is open per frame. */
export interface Shield {
  /** True while the prompt is modal: the page must not notice that anybody is looking elsewhere. */
  readonly up: boolean
  /** The request whose prompt is shown or minimised. */
  readonly request: string | null
  show(request: string): void
  hide(): void
  /** Puts a small chip in place of the prompt: the page can be used, the action stays held. */
  minimise(): void
  /** Puts the prompt back on top of everything, if it has not been put back too often. */
  reassert(): void
  resize(height: number): void
  /** Tells the worker again which prompt is open. */
  announce(): void
  /** True for events on the shield's own elements. */
  owns(event: Event): boolean
}

export function createShield(ends: ShieldEnds): Shield {
  let dialog: HTMLDialogElement | null = null
  let chip: ReturnType<typeof smallBox> | null = null
  let request: string | null = null
  let token = ''
  let height = 320
  let reasserted: number[] = []
  const damage = new MutationObserver((records) => {
    const touched = records.some(({ target }) => target !== document && target !== root())
    if (touched || !dialog?.isConnected) reassert()
  })

  function watchDamage(of: HTMLDialogElement): void {
    damage.observe(document, { childList: true })
    damage.observe(root(), { childList: true })
    damage.observe(of, { attributes: true, childList: true, subtree: true })
  }

  function open(): void {
    if (request === null) return
    token = nonce()
    const made = promptDialog(ends.promptUrl(token), height)
    dialog = made
    ends.onOpened(token, request)
    root().append(made)
    // A page modal would make anything below the top layer inert; `showModal` goes above it.
    made.showModal()
    made.addEventListener('close', () => {
      if (dialog === made) reassert()
    })
    watchDamage(made)
  }

  function tearDown(): void {
    damage.disconnect()
    chip?.remove()
    chip = null
    const open = dialog
    if (!open) return
    ends.onClosed(token)
    // Closing gives the focus back; `up` stays true meanwhile, so the page sees neither.
    open.close()
    open.style.setProperty('display', 'none', 'important')
    setTimeout(() => open.remove(), LINGER_MS)
    dialog = null
  }

  function reassert(): void {
    if (!dialog || request === null) return
    const now = performance.now()
    reasserted = [...reasserted.filter((at) => now - at < REASSERT_MS), now]
    tearDown()
    if (reasserted.length <= REASSERT_TIMES) open()
  }

  return {
    get up() {
      return dialog !== null
    },
    get request() {
      return request
    },
    show(next) {
      if (request === next && (dialog || chip)) return
      tearDown()
      request = next
      if (typeof HTMLDialogElement === 'function') open()
    },
    hide() {
      request = null
      tearDown()
    },
    minimise() {
      tearDown()
      chip = smallBox(chipButton(() => open()))
    },
    reassert,
    announce() {
      if (dialog && request !== null) ends.onOpened(token, request)
    },
    resize(next) {
      height = Math.max(MIN_HEIGHT, Math.ceil(next))
      if (!dialog) return
      damage.disconnect()
      dialog.style.setProperty('height', `${height}px`, 'important')
      watchDamage(dialog)
    },
    owns(event) {
      const path = event.composedPath()
      return (
        (dialog !== null && path.includes(dialog)) || (chip !== null && path.includes(chip.host))
      )
    },
  }

  function chipButton(reopen: () => void): HTMLElement {
    const button = document.createElement('button')
    button.textContent = 'Holdpoint: an action is held. Review'
    button.addEventListener('click', (event) => {
      if (!event.isTrusted) return
      tearDown()
      reopen()
    })
    return button
  }
}

function root(): Element {
  return document.documentElement
}

function promptDialog(url: string, height: number): HTMLDialogElement {
  const dialog = document.createElement('dialog')
  pin(dialog, {
    display: 'block',
    position: 'fixed',
    inset: '16px 16px auto auto',
    width: 'min(440px, calc(100vw - 32px))',
    height: `${height}px`,
    'max-height': 'calc(100vh - 32px)',
    'pointer-events': 'auto',
  })
  dialog.addEventListener('cancel', (event) => event.preventDefault())
  const host = document.createElement('div')
  pin(host, { display: 'block', width: '100%', height: '100%' })
  const frame = document.createElement('iframe')
  // Not `title`: that would be shown as a tooltip over the card.
  frame.setAttribute('aria-label', 'Holdpoint: an action is held')
  pin(frame, {
    display: 'block',
    width: '100%',
    height: '100%',
    border: '0',
    // Otherwise the browser paints an opaque canvas behind a page of another colour scheme.
    'color-scheme': 'light dark',
  })
  frame.addEventListener('load', () => frame.focus())
  frame.src = url
  host.attachShadow({ mode: 'closed' }).append(frame)
  dialog.append(host)
  return dialog
}
