import type { Descriptor, Form, Link } from '#shared/protocol/descriptor.ts'
import type { Door, Gesture, Provenance } from '#shared/protocol/words.ts'
import { clip } from './clip.ts'
import { defaultButton, formOf, looseFormOf, type Source } from './form-source.ts'
import { GlanceForm } from './glance-form.ts'
import { GlanceTarget } from './glance-target.ts'
import { GlanceTerms } from './glance-terms.ts'
import { isLink, link } from './link.ts'
import type { Occasion } from './occasion.ts'
import { page } from './page.ts'
import { request } from './request.ts'
import { dialog, dialogOf, rowOf } from './surroundings.ts'
import { isEditable } from './target.ts'
import { type Line, lineOf } from './tree.ts'

/** A Descriptor whose parts are read from the page when they are asked for, each once. The classifier
 * asks for few of them where nothing speaks for an effect, which is what a page's clicks mostly are.
 *
 * INVARIANT: where the classifier says `read` to a glance it says so to the full description. The
 * parts are those of `describe`, which reads them through a glance, but for two that are guessed so
 * that the guess can only hold more: a field's value, of which a glance tells only whether there is
 * any, and the terms. */
export class Glance implements Descriptor {
  readonly door: Door
  readonly provenance: Provenance
  readonly gesture: Gesture
  readonly key?: string
  readonly target: GlanceTarget
  readonly terms: GlanceTerms

  readonly #element: Element
  readonly #occasion: Occasion
  #line: Line | undefined
  #row: { is: Element | undefined } | undefined
  #page: Descriptor['page'] | undefined
  #link: { is: Link | undefined } | undefined
  #source: { is: Source | undefined } | undefined
  #form: { is: Form | undefined } | undefined
  #around: { is: Element | undefined } | undefined
  #dialog: Descriptor['dialog'] | undefined

  constructor(element: Element, occasion: Occasion) {
    this.#element = element
    this.#occasion = occasion
    this.door = occasion.door ?? 'extension'
    this.provenance = occasion.provenance
    this.gesture = occasion.gesture
    if (occasion.key !== undefined) this.key = clip(occasion.key)
    this.target = new GlanceTarget(element, this)
    this.terms = new GlanceTerms(this)
  }

  get line(): Line {
    this.#line ??= lineOf(this.#element)
    return this.#line
  }

  /** The row, card or list item that the target stands in. */
  get rowElement(): Element | undefined {
    this.#row ??= { is: rowOf(this.line) }
    return this.#row.is
  }

  get page(): Descriptor['page'] {
    this.#page ??= page(this.#element)
    return this.#page
  }

  get link(): Link | undefined {
    this.#link ??= { is: link(this.#element, this.#occasion.href) }
    return this.#link.is
  }

  /** Using the target may send what stands around it. */
  get acts(): boolean {
    const { role } = this.target
    return ACTING.has(role) || (role === 'link' && !this.#isPlain())
  }

  /** What would be sent, before any of it is read. */
  get source(): Source | undefined {
    this.#source ??= { is: this.#findSource() }
    return this.#source.is
  }

  get form(): Form | undefined {
    this.#form ??= { is: this.source && new GlanceForm(this.source) }
    return this.#form.is
  }

  get request(): Descriptor['request'] {
    return this.#occasion.request && request(this.#occasion.request, this.#element)
  }

  get dialog(): Descriptor['dialog'] {
    this.#around ??= { is: dialogOf(this.line) }
    const around = this.#around.is
    if (around) this.#dialog ??= dialog(around)
    return this.#dialog
  }

  /** Putting a caret into a field and following a plain link send no form; everything else may. */
  #findSource(): Source | undefined {
    const { gesture, key, submitter } = this.#occasion
    const element = this.#element
    if (gesture === 'click' && (isEditable(element) || (isLink(element) && this.#isPlain())))
      return undefined
    const enter = gesture === 'key' && key === 'Enter' ? defaultButton(element) : null
    const own = formOf(element, submitter ?? enter)
    return (
      own ?? (this.acts ? looseFormOf(this.line, () => this.target.row !== undefined) : undefined)
    )
  }

  /** A link that only leads to another page. `href="#"` and `javascript:` are buttons in disguise. */
  #isPlain(): boolean {
    const { link } = this
    return !!link && /^https?$/.test(link.scheme) && !link.sameDocument && !link.method
  }
}

/** Roles whose use may send what stands around them. */
const ACTING = new Set(['button', 'generic', 'textbox', 'searchbox', 'combobox', 'menuitem'])
