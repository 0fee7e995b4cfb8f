import * as z from 'zod/mini'

/** `paused`: nothing of the agent's goes on until a person resumes it. `killed` and `ended` are for
 * good: by a person, or because the agent or its browser left. */
export const RunState = z.enum(['live', 'paused', 'ended', 'killed'])
export type RunState = z.infer<typeof RunState>

/** One agent session. Times are ISO 8601 in UTC. */
export const Run = z.strictObject({
  id: z.string(),
  name: z.string(),
  agent: z.string(),
  /** The client's family (`playwright`, `puppeteer`, ...); null until one has connected. */
  client: z.nullable(z.string()),
  state: RunState,
  /** A person has the browser in hand, and the agent waits. */
  takeover: z.boolean(),
  startedAt: z.string(),
  /** Null while it is live or paused. */
  endedAt: z.nullable(z.string()),
  /** Holds of it that wait for a person. */
  held: z.int(),
  /** Entries of the log. */
  entries: z.int(),
})
export type Run = z.infer<typeof Run>

/** Answer of `GET /v1/runs` and of `POST /v1/runs`: live ones first, then the newest. */
export const RunPage = z.strictObject({ runs: z.array(Run) })
export type RunPage = z.infer<typeof RunPage>

/** Body of `POST /v1/runs/:id`, and of `POST /v1/runs` for all that are live. */
export const RunChange = z.strictObject({ state: z.enum(['paused', 'live', 'killed']) })
export type RunChange = z.infer<typeof RunChange>

/** Body of `POST /v1/runs/:id/takeover`. */
export const TakeoverSwitch = z.strictObject({ on: z.boolean() })
export type TakeoverSwitch = z.infer<typeof TakeoverSwitch>

/** A rectangle in CSS pixels of the page's viewport. */
export const Box = z.strictObject({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
})
export type Box = z.infer<typeof Box>

/** A page's own dialog (`alert`, `confirm`, `prompt`, `beforeunload`), which no picture shows. */
export const PageDialog = z.strictObject({ type: z.string(), text: z.string() })
export type PageDialog = z.infer<typeof PageDialog>

/** One picture of a page, on the stream `GET /v1/runs/:id/picture`. */
export const Frame = z.strictObject({
  at: z.string(),
  /** Base64. */
  jpeg: z.string(),
  /** Size of the viewport that the picture shows, in CSS pixels: the unit of `box` and of takeover
   * input, whatever the picture's own size. */
  width: z.number(),
  height: z.number(),
  /** The target of what is held; null where it has no place on the page. */
  box: z.nullable(Box),
  hold: z.nullable(z.string()),
  /** The page that a person has in hand. */
  hands: z.boolean(),
  /** Open on the page while a person has it in hand. */
  dialog: z.nullable(PageDialog),
  /** Id of the page, for takeover input. */
  page: z.string(),
  url: z.string(),
  title: z.string(),
})
export type Frame = z.infer<typeof Frame>

/** Modifier keys held down: 1 Alt, 2 Control, 4 Meta, 8 Shift, added up (CDP `Input`). */
const modifiers = z.int().check(z.minimum(0), z.maximum(15))
const place = z.number().check(z.minimum(-10_000), z.maximum(10_000))
const mouse = { x: place, y: place, modifiers }
const pressed = {
  button: z.enum(['left', 'middle', 'right']),
  clicks: z.int().check(z.minimum(1), z.maximum(3)),
}

/** What a person does with a page that they have taken over. `x` and `y` are in CSS pixels of the
 * viewport, as the last frame shows it. */
export const TakeoverInput = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('move'), ...mouse }),
  z.strictObject({ type: z.literal('press'), ...mouse, ...pressed }),
  z.strictObject({ type: z.literal('release'), ...mouse, ...pressed }),
  z.strictObject({ type: z.literal('wheel'), ...mouse, dx: place, dy: place }),
  z.strictObject({
    type: z.literal('key'),
    down: z.boolean(),
    /** As `KeyboardEvent.key` and `.code`. */
    key: z.string().check(z.minLength(1), z.maxLength(40)),
    code: z.string().check(z.maxLength(40)),
    modifiers,
  }),
  z.strictObject({ type: z.literal('text'), text: z.string().check(z.maxLength(5000)) }),
  /** Answers the page's own dialog; `text` is for a `prompt`. */
  z.strictObject({
    type: z.literal('dialog'),
    accept: z.boolean(),
    text: z.optional(z.string().check(z.maxLength(5000))),
  }),
])
export type TakeoverInput = z.infer<typeof TakeoverInput>

/** Body of `POST /v1/runs/:id/input`: in the order in which it was done. `page` is of a frame. */
export const TakeoverActs = z.strictObject({
  page: z.string().check(z.maxLength(100)),
  acts: z.array(TakeoverInput).check(z.minLength(1), z.maxLength(200)),
})
export type TakeoverActs = z.infer<typeof TakeoverActs>
