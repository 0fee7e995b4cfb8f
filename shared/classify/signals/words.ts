import { type Clue, force, found } from '../evidence.ts'
import { meaning } from '../meaning.ts'

/** The label is a command. */
export const words: Clue = {
  id: 'words',
  find(reading) {
    const { d, name, label, control } = reading
    if (label.kind === 'silent' || control === 'choice') return null
    const what = name === d.target.name ? 'label' : 'text on it'
    const said = `the ${what} says "${label.text}"`
    if (label.kind === 'harmless')
      return found(
        label.leaves ? force.leave : force.benign,
        null,
        `${said}, which changes nothing`,
      )
    if (label.kind === 'agrees')
      return label.verb ? found(force.form, meaning(label.verb), `${said}, which commits`) : null
    if (label.opener && !reading.commits)
      return found(force.benign, null, `${said}, which opens a form first`)
    return found(force.word, meaning(label.verb), said)
  },
}
