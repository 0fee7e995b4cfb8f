import * as z from 'zod/mini'
import { Door, Gesture, Provenance } from './words.ts'

/** Longest text taken from a page into any one field; longer text is cut with an ellipsis. */
export const TEXT_LIMIT = 500

/** Most fields of one form, recipients or amounts that a Descriptor carries. */
export const LIST_LIMIT = 200

const text = z.string().check(z.maxLength(TEXT_LIMIT + 1))
const url = z.string().check(z.maxLength(8192))
const list = <T extends z.core.SomeType>(item: T) => z.array(item).check(z.maxLength(LIST_LIMIT))

/** An amount of money read from the page. `minor` is in the currency's minor unit (cents); `null`
 * where the text was ambiguous, which policies treat as above every limit. */
export const Amount = z.strictObject({
  currency: z.nullable(z.string().check(z.regex(/^[A-Z]{3}$/))),
  minor: z.nullable(z.int()),
  text,
})
export type Amount = z.infer<typeof Amount>

/** What the action is about, in the units a policy compares. `rows` is the number of records that
 * the action touches, `null` when nothing on the page tells. */
export const Terms = z.strictObject({
  amounts: list(Amount),
  recipients: list(text),
  rows: z.nullable(z.int()),
  /** Size of what would leave the browser (files, a request's body), `null` where there is some and
   * nobody can tell how much; left out where there is none. */
  bytes: z.optional(z.nullable(z.int())),
})
export type Terms = z.infer<typeof Terms>

/** One form control. Secrets (passwords, card numbers, one-time codes) are masked where they are
 * read: `secret` is true and `value` holds only a keyed digest or a row of dots. */
export const Field = z.strictObject({
  label: text,
  name: text,
  type: text,
  value: text,
  secret: z.boolean(),
  /** False where the value is still the one that the page came with; left out where nobody knows. */
  changed: z.optional(z.boolean()),
})
export type Field = z.infer<typeof Field>

export const Form = z.strictObject({
  /** `script`: no form element at all, the page's own script reads the fields around the target;
   * `action` is then the address of the document. */
  method: z.enum(['get', 'post', 'dialog', 'script']),
  action: url,
  enctype: z.optional(text),
  /** Accessible name or heading of the form, where it has one. */
  name: z.optional(text),
  /** `search` for role=search or a form whose only text control is a search box. */
  purpose: z.optional(z.enum(['search', 'login'])),
  fields: list(Field),
})
export type Form = z.infer<typeof Form>

/** The element that would act. Read from attributes, never from properties a page can clobber. */
export const Target = z.strictObject({
  role: text,
  name: text,
  /** What a person reads on the control, where it is short and says something else than `name`, which
   * an `aria-label` sets. */
  visible: z.optional(text),
  tag: text,
  /** The `type` attribute in effect: a `button` in a form without one is `submit`. */
  type: z.optional(text),
  /** Short selector-like path, for people and for comparing before and after. */
  path: text,
  /** Nearest heading or landmark name above the element. */
  heading: z.optional(text),
  /** Text of the row, card or list item the element stands in. */
  row: z.optional(text),
  /** Weak evidence: tokens of id, class, data-*, icon names, title, tooltip. */
  hints: z.array(text).check(z.maxLength(60)),
  haspopup: z.optional(text),
  expanded: z.optional(z.boolean()),
  checked: z.optional(z.boolean()),
  /** Opens, closes or switches something in the page: aria-controls, summary, tab, popovertarget. */
  controls: z.optional(z.boolean()),
  /** The element is, or lies in, something that takes text (input, textarea, contenteditable). */
  editable: z.optional(z.boolean()),
})
export type Target = z.infer<typeof Target>

export const Link = z.strictObject({
  href: url,
  /** Scheme without the colon: `https`, `mailto`, `javascript`, ... */
  scheme: text,
  download: z.optional(z.boolean()),
  sameDocument: z.optional(z.boolean()),
  /** `data-method`, `data-turbo-method`, `hx-delete` and the like: a link that mutates. */
  method: z.optional(text),
})
export type Link = z.infer<typeof Link>

export const HttpRequest = z.strictObject({
  method: text,
  url,
  kind: text,
  bodyDigest: z.optional(text),
  /** Parsed operation, such as a GraphQL mutation's name. */
  operation: z.optional(text),
  /** The policy says that this GET changes something, or it carries a method that overrides its own. */
  mutates: z.optional(z.boolean()),
  /** What stands for a body that cannot be read: binary, too large, partly a file on disk. */
  uninspectable: z.optional(z.boolean()),
})
export type HttpRequest = z.infer<typeof HttpRequest>

export const RunRef = z.strictObject({
  id: text,
  name: z.optional(text),
  agent: z.optional(text),
  /** The workflow that the run is for, as whoever started it says; never the agent's own word. */
  tag: z.optional(text),
})
export type RunRef = z.infer<typeof RunRef>

/** What is about to happen, as plain JSON: the one shape that every door produces and that the
 * classifier and the policy engine read. */
export const Descriptor = z.strictObject({
  door: Door,
  run: z.optional(RunRef),
  provenance: Provenance,
  gesture: Gesture,
  /** For gesture `key`: the key as `KeyboardEvent.key`, with modifiers (`Control+Enter`). */
  key: z.optional(text),
  page: z.strictObject({
    /** URL of the document that holds the target. */
    url,
    title: text,
    /** URL of the tab's top document, where the frame can know it. */
    topUrl: z.optional(url),
    top: z.boolean(),
    lang: z.optional(text),
  }),
  target: Target,
  form: z.optional(Form),
  link: z.optional(Link),
  request: z.optional(HttpRequest),
  /** The dialog the target stands in: a confirmation's own words tell what it confirms. */
  dialog: z.optional(z.strictObject({ name: text, text })),
  terms: Terms,
})
export type Descriptor = z.infer<typeof Descriptor>
