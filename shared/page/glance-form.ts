import type { Field, Form } from '#shared/protocol/descriptor.ts'
import { dom } from './builtins.ts'
import { listLimit } from './clip.ts'
import { fieldName, fieldType, fieldValue } from './field.ts'
import { purposeOf } from './form-purpose.ts'
import { type Source, submitterField } from './form-source.ts'
import { label, labelsAround } from './label.ts'
import type { LabelsOf } from './name.ts'
import { shown } from './text.ts'

/** A form as far as a glance goes: which fields it has, but none of what is in them. */
export class GlanceForm implements Form {
  readonly method: Form['method']
  readonly action: string
  readonly #source: Source
  #controls: GlanceField[] | undefined
  #fields: Field[] | undefined
  #labels: LabelsOf | undefined

  constructor(source: Source) {
    this.#source = source
    this.method = source.sent.method
    this.action = source.sent.action
  }

  get name(): string | undefined {
    const called = dom.attribute(this.#source.around, 'aria-label')
    return called ? shown(called) : undefined
  }

  get purpose(): Form['purpose'] {
    return purposeOf(this.#source.around, this.#read())
  }

  get fields(): Field[] {
    this.#fields ??= this.#list()
    return this.#fields
  }

  #read(): GlanceField[] {
    this.#controls ??= this.#source.controls.slice(0, listLimit - 2).flatMap((control) => {
      const type = fieldType(control)
      return type === null ? [] : [new GlanceField(control, type, () => this.#labelsOf())]
    })
    return this.#controls
  }

  #list(): Field[] {
    const { by, controls } = this.#source
    const pressed = by && submitterField(by)
    const rest = controls.length > listLimit - 2 ? [REST] : []
    return [...this.#read(), ...rest, ...(pressed ? [pressed] : [])]
  }

  #labelsOf(): LabelsOf {
    this.#labels ??= labelsAround(this.#source.around)
    return this.#labels
  }
}

const ANY = '•'
const REST: Field = { label: 'more fields', name: '', type: 'rest', value: ANY, secret: true }

class GlanceField implements Field {
  /** What is in it is nobody's business before it is known to be none. */
  readonly secret = true
  readonly control: Element
  readonly type: string
  readonly #labels: () => LabelsOf

  constructor(control: Element, type: string, labels: () => LabelsOf) {
    this.control = control
    this.type = shown(type)
    this.#labels = labels
  }

  get label(): string {
    return this.type === 'hidden' ? '' : shown(label(this.control, this.#labels()))
  }

  get name(): string {
    return shown(fieldName(this.control))
  }

  get value(): string {
    return fieldValue(this.control).trim() === '' ? '' : ANY
  }
}
