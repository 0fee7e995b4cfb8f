import * as z from 'zod/mini'
import { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Hold } from '#shared/protocol/hold.ts'
import type { Answer, FromCompanion, GateSettings } from '#shared/protocol/link.ts'
import type { Mode } from '#shared/protocol/words.ts'

/** Messages inside the extension. What a page's process could have forged (`FromFrame`,
 * `FromPrompt`) is parsed by the worker; page code uses the types only. */

const id = z.string().check(z.minLength(1), z.maxLength(100))
const at = z.number()

/** Content script -> worker, over one port per frame named `frame`. */
export const FromFrame = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ask'),
    id,
    descriptor: Descriptor,
    previous: z.optional(id),
  }),
  z.strictObject({
    type: z.literal('redeem'),
    id,
    hold: id,
    ticket: id,
    descriptor: Descriptor,
  }),
  z.strictObject({ type: z.literal('record'), id, descriptor: Descriptor }),
  /** The frame is about to hold its first action and has no `hold.js` yet. */
  z.strictObject({ type: z.literal('bring-hold') }),
  /** A `read` gesture went through natively at `at` (ms epoch). */
  z.strictObject({ type: z.literal('passed'), at, descriptor: Descriptor }),
  /** A held gesture is replayed at `at`; `audit` is the entry its release is recorded under. */
  z.strictObject({
    type: z.literal('released'),
    audit: id,
    at,
    /** Where the released gesture is known to lead, where it is a plain link. */
    leadsTo: z.optional(z.string().check(z.maxLength(8192))),
  }),
  z.strictObject({
    type: z.literal('withdraw'),
    hold: id,
    reason: z.string().check(z.maxLength(500)),
  }),
  /** The frame shows a prompt for the ask `request`; only a page that knows `nonce` gets its data. */
  z.strictObject({ type: z.literal('prompt-opened'), nonce: id, request: id }),
  z.strictObject({ type: z.literal('prompt-closed'), nonce: id }),
  /** Click the `javascript:` link that carries `data-holdpoint-release="<mark>"` in the MAIN world. */
  z.strictObject({
    type: z.literal('script-link'),
    mark: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  }),
])
export type FromFrame = z.infer<typeof FromFrame>

/** What a prompt asks of the frame that shows it. */
export type PromptWish =
  | { does: 'minimise' }
  | { does: 'discard' }
  /** Something lies over the prompt, or its frame was torn down. */
  | { does: 'reassert' }
  | { does: 'size'; height: number }

/** Worker -> content script. */
export type ToFrame =
  /** State of the link: settings while the companion is there, null while it is not. Unresolved
   * asks are repeated whenever settings arrive. */
  | { type: 'link'; settings: GateSettings | null }
  | { type: 'answer'; id: string; answer: Answer }
  | Extract<FromCompanion, { type: 'decided' }>
  | { type: 'prompt'; request: string; wish: PromptWish }
  /** `hold.js` could not be brought in: what is held stays held, the next action asks again. */
  | { type: 'hold-failed' }

/** Prompt page -> worker, over a port named `prompt`. */
export const FromPrompt = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), nonce: id }),
  z.strictObject({
    type: z.literal('verdict'),
    verdict: z.enum(['approve', 'deny']),
    reason: z.optional(z.string().check(z.maxLength(500))),
  }),
  z.strictObject({ type: z.literal('retry') }),
  z.strictObject({ type: z.literal('dashboard') }),
  z.strictObject({
    type: z.literal('wish'),
    wish: z.discriminatedUnion('does', [
      z.strictObject({ does: z.literal('minimise') }),
      z.strictObject({ does: z.literal('discard') }),
      z.strictObject({ does: z.literal('reassert') }),
      z.strictObject({
        does: z.literal('size'),
        height: z.number().check(z.gte(0), z.lte(4000)),
      }),
    ]),
  }),
])
export type FromPrompt = z.infer<typeof FromPrompt>

/** Worker -> prompt page: everything it shows. */
export type PromptView = {
  type: 'view'
  /** `asking`: no answer yet; `lost`: the companion cannot be reached, the action stays held. */
  state: 'asking' | 'unpaired' | 'lost' | 'held' | 'decided'
  hold: Hold | null
  mayApprove: boolean
  whyNot: string | null
  /** Why the last verdict was not accepted. */
  problem: string | null
  hasDashboard: boolean
}

/** Popup -> worker, over a port named `popup`. */
export const FromPopup = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('retry') }),
  z.strictObject({ type: z.literal('dashboard') }),
])
export type FromPopup = z.infer<typeof FromPopup>

/** Worker -> popup. */
export type PopupView = {
  type: 'status'
  paired: boolean
  connected: boolean
  companion: string | null
  mode: Mode | null
  pending: number
}
