import { gravestVerb } from '../command.ts'
import { type Clue, force, found } from '../evidence.ts'
import { verbsOf } from '../lexicon.ts'
import { meaning, unnamed } from '../meaning.ts'
import { spaced, verbInUrl } from '../url-words.ts'

/** The request itself: its method, then the words of its operation and address. */
export const request: Clue = {
  id: 'request',
  find({ d }) {
    if (!d.request || (d.gesture !== 'request' && d.gesture !== 'navigate')) return null
    const method = d.request.method.toUpperCase()
    const operation = spaced(d.request.operation ?? '')
    const verb = gravestVerb(verbsOf(operation))?.verb ?? verbInUrl(d.request.url)
    const only =
      !d.request.mutates && /^(?:GET|HEAD|OPTIONS)$/.test(method) && !/^mutation\b/i.test(operation)
    if (
      only ||
      (carries.test(method) && /^(?:query|subscription)\b/i.test(operation)) ||
      (!verb && !d.request.mutates && method === 'POST' && isSearch(d.request.url))
    )
      return found(force.wire, null, `the ${method} request only reads`)
    const fallback =
      method === 'DELETE' ? meaning('delete') : { ...unnamed, verb: method.toLowerCase() }
    const says = `it is a ${method} request${verb ? `, named "${verb}"` : ''}`
    return found(force.wire, verb ? meaning(verb) : fallback, says)
  },
}

/** Methods that GraphQL over HTTP uses. A DELETE deletes, whatever its body says. */
const carries = /^(?:GET|POST)$/

/** Read from the path alone, because a query (`/orders?next=/search`) can say anything. What stands
 * below a file (`/pay.php/search`) is for the file to read. */
function isSearch(url: string): boolean {
  const path = url.split(/[?#]/, 1)[0] ?? ''
  return searches.test(path) && !/\.[a-z]+\//i.test(path.replace(/^[a-z]+:\/\/[^/]*/i, ''))
}

const searches = /\/(?:search|query|suggest|autocomplete|typeahead)\/?$/i
