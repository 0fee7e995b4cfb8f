import type { Form } from '#shared/protocol/descriptor.ts'
import { dom } from './builtins.ts'
import { is } from './tree.ts'

/** What the purpose of a form is told by, of each of its fields. */
interface Named {
  control: Element
  name: string
  type: string
}

/** `search` for a search landmark or one lone search box; `login` for one user name with one
 * password that is not a new one. */
export function purposeOf(around: Element, fields: readonly Named[]): Form['purpose'] {
  const written = fields.filter((control) => TEXT_TYPES.has(control.type))
  const passwords = fields.filter((control) => control.type === 'password')
  const [only] = written
  if (passwords.length === 0 && only && written.length === 1 && is.form(around)) {
    const landmark = dom.closest(around, '[role=search i],search') !== null
    if (landmark || only.type === 'search' || SEARCH_NAME.test(only.name)) return 'search'
  }
  const [password] = passwords
  if (!password || !only || passwords.length > 1 || written.length > 1) return undefined
  const fresh = /new-password/i.test(dom.attribute(password.control, 'autocomplete') ?? '')
  return !fresh && /^(?:text|email|tel)$/.test(only.type) ? 'login' : undefined
}

const TEXT_TYPES = new Set('text search email tel url number textarea contenteditable'.split(' '))
const SEARCH_NAME = /^(?:q|s|k|query|search|keywords?|term|suche?|buscar|busca|recherche|zoeken)$/i
