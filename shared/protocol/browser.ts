import * as z from 'zod/mini'

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most))
const word = z.optional(z.string().check(z.maxLength(4096)))

/** Body of `POST /v1/browsers`: a supervised browser with one run in it, on the companion that is
 * asked. It lives as long as its owner holds a lease on it (`GET /v1/browsers/:id/lease`). */
export const NewBrowser = z.strictObject({
  /** Folder of its profile, as an absolute path; one of the companion's own choice without it. */
  profile: z.optional(text(4096).check(z.refine(isAbsolute, 'expected an absolute path'))),
  headless: z.boolean(),
  /** A client's switches for a browser. Those that could undo supervision are left out. */
  switches: z.array(z.string().check(z.maxLength(8192))).check(z.maxLength(300)),
  /** Page that it opens first, for people. */
  app: z.optional(text(2000)),
  /** Pages that the client expects to find open; a blank one without it. */
  pages: z.optional(z.array(z.string().check(z.maxLength(2000))).check(z.maxLength(20))),
  /** Loopback port for the agent; any free one without it, or with 0. */
  port: z.optional(z.int().check(z.minimum(0), z.maximum(65_535))),
  /** Of the run. */
  name: text(200),
  agent: text(100),
  /** The workflow that it is for, which rules may ask for (`on.tag`). */
  tag: z.optional(text(200)),
  /** Where the owner's screen is, and the owner's language and time. Nothing else of an environment
   * could be taken over: most of it changes what a browser loads. */
  env: z.optional(
    z.strictObject({
      DISPLAY: word,
      WAYLAND_DISPLAY: word,
      XAUTHORITY: word,
      XDG_RUNTIME_DIR: word,
      TZ: word,
      LANG: word,
      LANGUAGE: word,
      LC_ALL: word,
    }),
  ),
})
export type NewBrowser = z.infer<typeof NewBrowser>

/** Answer of `POST /v1/browsers`. */
export const OpenedBrowser = z.strictObject({
  id: z.string(),
  /** Id of its run, as in `GET /v1/runs`. */
  run: z.string(),
  /** For clients that take an address: `http://127.0.0.1:PORT`. */
  cdp: z.string(),
  /** For clients that take a WebSocket's address. */
  ws: z.string(),
  profile: z.string(),
  /** Path of the browser's executable. */
  program: z.string(),
  /** Switches that were left out. */
  dropped: z.array(z.string()),
})
export type OpenedBrowser = z.infer<typeof OpenedBrowser>

export const BrowserInfo = z.strictObject({
  id: z.string(),
  run: z.string(),
  name: z.string(),
  agent: z.string(),
  cdp: z.string(),
  profile: z.string(),
  headless: z.boolean(),
  /** `lease`: it ends with the last lease on it. `companion`: it ends with the companion's process. */
  owner: z.enum(['lease', 'companion']),
  leases: z.int(),
})
export type BrowserInfo = z.infer<typeof BrowserInfo>

/** Answer of `GET /v1/browsers`. */
export const BrowserPage = z.strictObject({ browsers: z.array(BrowserInfo) })
export type BrowserPage = z.infer<typeof BrowserPage>

/** Events of `GET /v1/browsers/:id/lease`. `close`: the agent has asked for its browser to be closed,
 * which is the owner's to do. `ended`: the browser is gone, and with it the stream. */
export const LeaseEvent = z.enum(['close', 'ended'])
export type LeaseEvent = z.infer<typeof LeaseEvent>

/** On this or another platform: where it runs is not known here. */
function isAbsolute(path: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/])/.test(path) && !path.includes('\0')
}
