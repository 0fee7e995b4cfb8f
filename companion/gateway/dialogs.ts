import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Action } from './action.ts'
import type { Command } from './agent.ts'
import { type Params, textOf } from './cdp.ts'
import type { Target } from './targets.ts'
import { pageOf, rootOf } from './unknown-target.ts'

/** A dialog that a page has opened and that nobody has answered. */
interface Dialog {
  type: string
  message: string
  closed: Promise<void>
  close: () => void
}

/** JavaScript dialogs. Accepting one is an answer that the page may act on, so it is held; an `alert`
 * has nothing to decide, and dismissing passes. While one is open the page answers nothing. */
export class Dialogs {
  readonly #open = new Map<Target, Dialog>()

  /** Needs `Page` to be enabled on the target's session. */
  arm(target: Target): void {
    const page = rootOf(target)
    target.session.on('Page.javascriptDialogOpening', (event) => this.#opened(page, event))
    target.session.on('Page.javascriptDialogClosed', () => this.gone(page))
  }

  /** The page or its dialog is gone. */
  gone(page: Target): void {
    this.#open.get(page)?.close()
    this.#open.delete(page)
  }

  /** Resolves at once where no dialog is open. */
  async undisturbed(page: Target): Promise<void> {
    for (let open = this.#open.get(page); open; open = this.#open.get(page)) await open.closed
  }

  /** What answering the open dialog would be: `pass` needs no decision, null means there is none. */
  answer(command: Command, page: Target, since: number): Action | 'pass' | null {
    const dialog = this.#open.get(page)
    if (command.params.accept !== true) return 'pass'
    if (!dialog) return null
    if (dialog.type === 'alert') return 'pass'
    const descriptor = describe(dialog, page, textOf(command.params.promptText))
    return {
      command,
      page,
      since,
      look: () => Promise.resolve({ descriptor, target: page, frame: null, objectId: null }),
      stands: () => this.#open.get(page) === dialog,
    }
  }

  #opened(page: Target, { type, message }: Params): void {
    this.gone(page)
    let close: () => void = () => undefined
    const closed = new Promise<void>((resolve) => {
      close = resolve
    })
    this.#open.set(page, {
      type: textOf(type) ?? '',
      message: textOf(message) ?? '',
      closed,
      close,
    })
  }
}

/** Longest part of a dialog's message that is shown. */
const MESSAGE_LENGTH = 500

function describe(dialog: Dialog, page: Target, answer: string | undefined): Descriptor {
  const text = clip(dialog.message)
  const field = {
    label: 'answer',
    name: '',
    type: 'text',
    value: clip(answer ?? ''),
    secret: false,
  }
  const fields = answer === undefined || answer === '' ? [] : [field]
  const url = page.url.slice(0, 8192)
  return {
    door: 'gateway',
    provenance: 'agent',
    gesture: 'click',
    page: pageOf(page),
    target: { role: 'dialog', name: 'accept', tag: '', path: dialog.type, hints: [] },
    ...(fields.length > 0 && { form: { method: 'script', action: url, fields } }),
    dialog: { name: dialog.type, text },
    terms: { amounts: [], recipients: [], rows: null },
  }
}

function clip(text: string): string {
  return text.length > MESSAGE_LENGTH ? `${text.slice(0, MESSAGE_LENGTH - 1)}…` : text
}
