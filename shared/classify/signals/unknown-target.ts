import { type Clue, force, found } from '../evidence.ts'
import { unnamed } from '../meaning.ts'

/** The page hides what is clicked, in a closed shadow root that nothing looks into. */
export const unknownTarget: Clue = {
  id: 'unknown-target',
  find({ d }) {
    return d.target.hints.includes('target-unknown')
      ? found(force.wire, unnamed, 'the page hides what would be used')
      : null
  },
}
