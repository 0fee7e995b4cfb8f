import { type Clue, force, found } from '../evidence.ts'
import { spaced } from '../url-words.ts'

/** Settings of access, identity or money: the former value may be out of reach once it is changed. */
export const sensitive: Clue = {
  id: 'sensitive',
  find({ d, label }) {
    if (label.kind !== 'means' || !(label.verb === 'save' || label.verb === 'enable')) return null
    const path = spaced(d.page.url.replace(/^[a-z]+:\/\/[^/]*/, '').split('?')[0] ?? '')
    // Hidden secrets are the site's own anti-forgery tokens: every form has one.
    const secret = d.form?.fields.some((field) => field.secret && field.type !== 'hidden') ?? false
    if (!secret && !areas.test(path)) return null
    return found(force.none, null, 'it changes access, identity or payment settings')
  },
}

const areas =
  /\b(?:account|billing|payments?|passwords?|security|address|email|tax(?:es)?|bank|restrictions|permissions|sharing|access|sessions?|mfa|2fa)/i
