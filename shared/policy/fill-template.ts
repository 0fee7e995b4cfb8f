import { type Descriptor, TEXT_LIMIT } from '#shared/protocol/descriptor.ts'
import { address } from './address.ts'
import { plainText } from './text-glob.ts'

/** Fills in texts of the policy: `https://crm.example.com/accounts/{field.Account}`. */

/** The value of a name such as `target.row`; undefined where there is none. */
export type Values = (name: string) => string | undefined

export type Filled = { ok: true; text: string } | { ok: false; unknown: string }

/** Puts values in; unknown where one of them is. `spelled` writes a value as it has to stand there. */
export function fillTemplate(
  text: string,
  values: Values,
  spelled: (value: string, offset: number, name: string) => string = (value) => value,
): Filled {
  let unknown: string | undefined
  const filled = text.replace(/\{([^{}]*)\}/g, (slot, name: string, offset: number) => {
    const value = values(name)
    if (value === undefined) unknown ??= name
    return value === undefined ? slot : spelled(value, offset, name)
  })
  return unknown === undefined ? { ok: true, text: filled } : { ok: false, unknown }
}

/** Fills an address in; values are percent-encoded, so that they stay values. Only a page's own address
 * that the text begins with, and a host, are taken as they are. */
export function fillAddress(text: string, values: Values): Filled {
  // Dots would climb out of the path that the policy names.
  const steady: Values = (name) => (DOTS.test(values(name) ?? '') ? undefined : values(name))
  try {
    return fillTemplate(text, steady, (value, offset, name) =>
      name === 'page.host' || (name === 'page.url' && offset === 0)
        ? value
        : encodeURIComponent(value),
    )
  } catch {
    return { ok: false, unknown: text } // half a character, which no address can carry
  }
}

const DOTS = /^\.{1,2}$/

type Read = (d: Descriptor) => string | undefined

const READS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['page.host', ({ page }) => hostOf(page.url)],
  ['page.url', ({ page }) => page.url],
  ['run.id', ({ run }) => run?.id],
  ['run.agent', ({ run }) => run?.agent],
  ['target.name', ({ target }) => target.name],
  ['target.row', ({ target }) => target.row],
  [
    'recipient',
    ({ terms: { recipients } }) => (recipients.length === 1 ? recipients[0] : undefined),
  ],
])

function hostOf(url: string): string | undefined {
  const at = address(url)
  return at.kind === 'web' ? at.host : undefined
}

const FIELD = 'field.'

/** An action's values. One that it does not have, that is secret, empty or was cut because it is too long
 * is unknown, and so is a field whose label is that of several. */
export function valuesOf(d: Descriptor): Values {
  return (name) => {
    const value = name.startsWith(FIELD) ? fieldValue(name, d) : READS.get(name)?.(d)
    // Text as long as this was cut where it was read: what is left is not the value.
    const cut = name !== 'page.url' && (value ?? '').length > TEXT_LIMIT
    return value === '' || cut ? undefined : value
  }
}

/** Values as somebody gives them, by name; the labels of fields as people see them. */
export function valuesFrom(given: ReadonlyMap<string, string>): Values {
  const known = new Map([...given].map(([name, value]) => [valueName(name), value]))
  return (name) => known.get(valueName(name)) || undefined
}

function fieldValue(name: string, d: Descriptor): string | undefined {
  const fields = (d.form?.fields ?? []).filter(
    (field) => valueName(`${FIELD}${field.label || field.name}`) === valueName(name),
  )
  const [field, ...others] = fields
  return field === undefined || field.secret || others.length > 0 ? undefined : field.value
}

function valueName(name: string): string {
  return name.startsWith(FIELD) ? `${FIELD}${plainText(name.slice(FIELD.length))}` : name
}
