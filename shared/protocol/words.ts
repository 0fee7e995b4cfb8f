import * as z from 'zod/mini'

/** The closed vocabularies of Holdpoint. The glossary in `shared/README.md` says what each word means. */

export const Door = z.enum(['gateway', 'extension', 'api'])
export type Door = z.infer<typeof Door>

/** Who set the input off, as far as the door can know. `unknown` covers CDP input seen from a page. */
export const Provenance = z.enum(['agent', 'human', 'page', 'unknown'])
export type Provenance = z.infer<typeof Provenance>

export const Gesture = z.enum(['click', 'key', 'submit', 'drop', 'navigate', 'request'])
export type Gesture = z.infer<typeof Gesture>

export const Capability = z.enum(['read', 'send', 'update', 'trigger', 'transact', 'delete'])
export type Capability = z.infer<typeof Capability>

export const Category = z.enum([
  'communication',
  'financial',
  'personnel',
  'legal',
  'deletion',
  'other',
])
export type Category = z.infer<typeof Category>

export const Effect = z.enum(['none', 'reversible', 'irreversible', 'unknown'])
export type Effect = z.infer<typeof Effect>

export const Mode = z.enum(['enforce', 'shadow', 'observe'])
export type Mode = z.infer<typeof Mode>

export const HoldState = z.enum(['pending', 'approved', 'denied', 'expired', 'withdrawn'])
export type HoldState = z.infer<typeof HoldState>

/** What came of a released action, as proved by the request that followed it. */
export const OutcomeState = z.enum(['done', 'failed', 'unknown'])
export type OutcomeState = z.infer<typeof OutcomeState>

/** Where a person gives a verdict. Surfaces are ranked: an overlay in the page can do least. */
export const Surface = z.enum(['overlay', 'dashboard', 'cli', 'api'])
export type Surface = z.infer<typeof Surface>
