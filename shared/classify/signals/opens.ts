import { type Clue, force, found } from '../evidence.ts'

/** The control opens or closes a part of the page. A submit button of a form is believed to submit. */
export const opens: Clue = {
  id: 'opens',
  find({ d, submits, label }) {
    const { haspopup, expanded, controls, type } = d.target
    if (submits) return null
    if (type === 'reset') return found(force.opens, null, 'it clears a form')
    if (haspopup !== undefined || expanded !== undefined)
      return found(force.opens, null, 'it opens or closes a part of the page')
    // `aria-controls` also marks what a command changes: it does not speak against a clear word.
    if (controls && !(label.kind === 'means' && !label.opener && d.dialog))
      return found(force.opens, null, 'it controls a part of the page')
    return null
  },
}
