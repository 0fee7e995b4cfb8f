import type { Target } from '#shared/protocol/descriptor.ts'
import { isUnknownTarget } from './actionable.ts'
import { dom } from './builtins.ts'
import { clip } from './clip.ts'
import { hints } from './hints.ts'
import { name } from './name.ts'
import { role } from './role.ts'
import { heading, rowText } from './surroundings.ts'
import {
  checkedState,
  controlsPart,
  expandedState,
  isEditable,
  path,
  popup,
  typeInEffect,
} from './target.ts'
import { shown } from './text.ts'
import type { Line } from './tree.ts'
import { visible } from './visible.ts'

/** What a target stands in. */
interface Standing {
  readonly line: Line
  readonly rowElement: Element | undefined
}

/** The target's own part of a Descriptor, each piece read when it is first asked for. */
export class GlanceTarget implements Target {
  readonly #element: Element
  readonly #stands: Standing
  #role: string | undefined
  #raw: string | undefined
  #name: string | undefined
  #visible: { is: string | undefined } | undefined
  #hints: string[] | undefined
  #heading: { is: string | undefined } | undefined
  #row: { is: string | undefined } | undefined

  constructor(element: Element, stands: Standing) {
    this.#element = element
    this.#stands = stands
  }

  get role(): string {
    this.#role ??= clip(role(this.#element) || 'generic')
    return this.#role
  }

  /** The accessible name, not yet cut. */
  get rawName(): string {
    this.#raw ??= name(this.#element)
    return this.#raw
  }

  get name(): string {
    this.#name ??= shown(this.rawName)
    return this.#name
  }

  get visible(): string | undefined {
    this.#visible ??= { is: visible(this.#element, this.rawName) }
    return this.#visible.is
  }

  get tag(): string {
    return clip(dom.tag(this.#element))
  }

  get type(): string | undefined {
    const type = typeInEffect(this.#element)
    return type === undefined ? undefined : clip(type)
  }

  get path(): string {
    return path(this.#stands.line)
  }

  get heading(): string | undefined {
    this.#heading ??= { is: heading(this.#stands.line) }
    return this.#heading.is
  }

  get row(): string | undefined {
    this.#row ??= { is: this.#rowText() }
    return this.#row.is
  }

  get hints(): string[] {
    this.#hints ??= [
      ...(isUnknownTarget(this.#element) ? ['target-unknown'] : []),
      ...hints(this.#element, this.name),
    ]
    return this.#hints
  }

  get haspopup(): string | undefined {
    return popup(this.#element)
  }

  get expanded(): boolean | undefined {
    return expandedState(this.#element)
  }

  get checked(): boolean | undefined {
    return checkedState(this.#element)
  }

  get controls(): true | undefined {
    return controlsPart(this.#element) || undefined
  }

  get editable(): true | undefined {
    return isEditable(this.#element) || undefined
  }

  #rowText(): string | undefined {
    const row = this.#stands.rowElement
    return row && rowText(row, this.rawName)
  }
}
