import type { HttpRequest } from '#shared/protocol/descriptor.ts'
import type { Door, Gesture, Provenance } from '#shared/protocol/words.ts'

/** What sets the target off, as the door that caught it knows. */
export interface Occasion {
  gesture: Gesture
  /** For gesture `key`: `KeyboardEvent.key` with modifiers (`Control+Enter`). */
  key?: string
  provenance: Provenance
  /** For gesture `submit`: `SubmitEvent.submitter`. */
  submitter?: Element | null
  door?: Door
  request?: HttpRequest
  /** For gesture `navigate`: where to. */
  href?: string
}
