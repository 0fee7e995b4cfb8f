import type { Descriptor, Terms } from '#shared/protocol/descriptor.ts'
import { dom } from './builtins.ts'
import { text } from './text.ts'
import { boxes, type Line } from './tree.ts'

/** What the terms are guessed from. */
interface Around {
  readonly line: Line
  readonly acts: boolean
  readonly target: { readonly name: string; readonly row: string | undefined }
  readonly dialog: Descriptor['dialog']
}

/** Terms guessed for a glance, so that the guess can only hold more: reading them takes tables of
 * currencies and words that few pages ever need. */
export class GlanceTerms implements Terms {
  /** They tell which effect, never whether there is one. */
  readonly amounts = []
  /** An editor without any may be a chat, where Enter sends. */
  readonly recipients = []
  readonly #around: Around

  constructor(around: Around) {
    this.#around = around
  }

  /** One where there may be any: a digit that may count them, or a mark on one. */
  get rows(): number | null {
    const { line, acts, target, dialog } = this.#around
    if (/\d/.test(`${target.name} ${dialog?.name} ${dialog?.text}`)) return 1
    if (!acts || target.row !== undefined) return null
    const marked = boxes(line).some((at) => dom.find(at, MARKED) || /\d/.test(text(at, 400, 100)))
    return marked ? 1 : null
  }
}

const MARKED = '[aria-selected=true],[aria-checked=true],:checked'
