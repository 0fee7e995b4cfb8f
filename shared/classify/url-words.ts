import { gravestVerb } from './command.ts'
import { verbsOf } from './lexicon.ts'
import { openers, type Verb } from './meaning.ts'

/** The gravest verb in the last two segments and the query of an address. Segments of more than three
 * words are titles (`/blog/how-to-delete-cookies`). */
export function verbInUrl(url: string): Verb | undefined {
  const [path = '', query = ''] = (url.split('#')[0] ?? '').split('?')
  const names = path
    .replace(/^[a-z]+:\/\/[^/]*/, '')
    .split('/')
    .filter((name) => name !== '')
  const parts = [...names.slice(-2), ...query.split('&').slice(0, 10)].map(spaced)
  const short = parts.filter((part) => part.split(' ').length <= 3)
  const verb = gravestVerb(verbsOf(short.join(', ')))?.verb
  return verb && openers.has(verb) ? undefined : verb
}

/** Words of a name as programs write it: `deleteAllUsers`, `delete_user`, `icon-trash`. */
export function spaced(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
