import type { Descriptor } from '#shared/protocol/descriptor.ts'

type Over = Partial<Omit<Descriptor, 'target'>> & { target?: Partial<Descriptor['target']> }

/** A button called `name` on a page that says nothing else. */
export function button(name: string, over: Over = {}): Descriptor {
  return {
    door: 'extension',
    provenance: 'agent',
    gesture: 'click',
    page: { url: 'https://app.example.com/things', title: 'Things', top: true },
    terms: { amounts: [], recipients: [], rows: null },
    ...over,
    target: {
      role: 'button',
      name,
      tag: 'button',
      type: 'button',
      path: 'button',
      hints: [],
      ...over.target,
    },
  }
}

/** A submit button of a form. */
export function submit(
  name: string,
  form: Partial<NonNullable<Descriptor['form']>> = {},
  over: Over = {},
): Descriptor {
  return button(name, {
    form: { method: 'post', action: 'https://app.example.com/things', fields: [], ...form },
    ...over,
    target: { type: 'submit', ...over.target },
  })
}

/** A link to another page. */
export function link(name: string, href: string, over: Over = {}): Descriptor {
  const scheme = /^([a-z]+):/.exec(href)?.[1] ?? 'https'
  return button(name, {
    link: { href, scheme },
    ...over,
    target: { role: 'link', tag: 'a', ...over.target },
  })
}

/** A key pressed in, or on, the target. */
export function press(
  key: string,
  target: Partial<Descriptor['target']>,
  over: Over = {},
): Descriptor {
  const { type: _, ...rest } = button(target.name ?? '').target
  return { ...button(''), gesture: 'key', key, ...over, target: { ...rest, tag: 'div', ...target } }
}
