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
      /^(?:query|subscription)\b/i.test(operation) ||
      (!verb && !d.request.mutates && searches.test(d.request.url))
    )
      return found(force.wire, null, `the ${method} request only reads`)
    const fallback =
      method === 'DELETE' ? meaning('delete') : { ...unnamed, verb: method.toLowerCase() }
    const says = `it is a ${method} request${verb ? `, named "${verb}"` : ''}`
    return found(force.wire, verb ? meaning(verb) : fallback, says)
  },
}

const searches = /\/(?:search|query|suggest|autocomplete|typeahead)\/?(?:\?|$)/i
