import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classify } from '#shared/classify/classify.ts'
import { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { Capability, Gesture } from '#shared/protocol/words.ts'
import { button } from './descriptor.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('Delete', 'Yes', 'Send', 'Cancel order', '削除しない', 'إلغاء', 'Save draft', ''),
)
const word = (...words: string[]) =>
  fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 12 }))

type Form = NonNullable<Descriptor['form']>

const target = fc.record(
  {
    role: word('button', 'link', 'row', 'switch', 'checkbox', 'textbox', 'menuitem'),
    tag: word('button', 'a', 'input', 'textarea', 'div', 'td'),
    type: word('submit', 'button', 'text', 'checkbox', 'reset'),
    hints: fc.array(text, { maxLength: 6 }),
    heading: text,
    visible: text,
    editable: fc.boolean(),
    haspopup: word('menu', 'dialog'),
  },
  { requiredKeys: ['role', 'tag', 'hints'] },
)

const form: fc.Arbitrary<Form> = fc.record({
  method: fc.constantFrom('get', 'post', 'dialog', 'script'),
  action: fc.oneof(fc.webUrl({ withQueryParameters: true }), text),
  fields: fc.constant<Form['fields']>([]),
})

const around = fc.record(
  {
    gesture: fc.constantFrom(...Gesture.options),
    key: word('Enter', 'Control+Enter', 'Delete', 'Meta+s'),
    dialog: fc.record({ name: text, text }),
    form,
    link: fc.record({
      href: fc.oneof(fc.webUrl(), text),
      scheme: word('https', 'mailto', 'javascript'),
    }),
    request: fc.record({
      method: word('GET', 'POST', 'DELETE'),
      url: text,
      kind: fc.constant('fetch'),
      operation: text,
    }),
  },
  { requiredKeys: ['gesture'] },
)

const descriptor: fc.Arbitrary<Descriptor> = fc
  .tuple(text, target, around, fc.option(fc.nat(50)))
  .map(([name, of, near, rows]) =>
    button(name, { ...near, terms: { amounts: [], recipients: [], rows }, target: of }),
  )

describe('classify', () => {
  it('never throws and always answers in the shape of the protocol', () => {
    fc.assert(
      fc.property(descriptor, (d) => {
        const found = classify(d)
        expect(Classification.safeParse(found).error).toBeUndefined()
        expect(Capability.options).toContain(found.capability)
      }),
      { numRuns: 1500 },
    )
  })

  it('is `read` exactly where the effect is `none`', () => {
    fc.assert(
      fc.property(descriptor, (d) => {
        const { capability, effect } = classify(d)
        expect(capability === 'read').toBe(effect === 'none')
      }),
      { numRuns: 1500 },
    )
  })

  it('names a way back only for what is reversible', () => {
    fc.assert(
      fc.property(descriptor, (d) => {
        const { undo, effect } = classify(d)
        if (undo) expect(effect).toBe('reversible')
      }),
    )
  })

  it('characters that cannot be seen never turn a hold into a read', () => {
    const label = fc.constantFrom(
      ...['Delete', 'Send now', 'Pay €5', 'Jetzt kaufen', 'Eliminar', 'Envoyer', 'Usuń', 'Gönder'],
      ...[
        'Отправить',
        '削除',
        '立即购买',
        '삭제',
        'حذف',
        'Move to trash',
        'Confirm',
        'Place order',
      ],
    )
    const unseen = fc.constantFrom(
      ...['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u202e', '\u2066', '\ufe0f'],
    )
    const noise = fc.array(fc.tuple(fc.nat(20), unseen), { maxLength: 12 })
    fc.assert(
      fc.property(label, noise, (clean, marks) => {
        const letters = [...clean]
        for (const [at, mark] of marks) letters.splice(at % (letters.length + 1), 0, mark)
        const { capability, effect } = classify(button(letters.join('')))
        expect({ capability, effect }).toEqual(pick(classify(button(clean))))
        expect(capability).not.toBe('read')
      }),
      { numRuns: 1000 },
    )
  })

  it('stays under 100 microseconds', () => {
    const d = button('Yes', {
      dialog: { name: 'Delete 3 contacts?', text: 'They are gone for good. '.repeat(20) },
      target: { hints: Array.from({ length: 30 }, (_, i) => `class-token-${i}`) },
    })
    // Time of the processor, not of the clock: other work on the machine is none of its own.
    const slices = Array.from({ length: 30 }, () => {
      const start = process.cpuUsage()
      for (let i = 0; i < 100; i++) classify(d)
      return process.cpuUsage(start).user / 100
    })
    expect(Math.min(...slices)).toBeLessThan(100)
  })
})

function pick({ capability, effect }: Classification) {
  return { capability, effect }
}
