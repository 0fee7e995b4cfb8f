import type { PictureSource } from '#companion/core/live-run.ts'
import type { Box, Frame, PageDialog } from '#shared/protocol/run.ts'
import { type Params, textOf } from './cdp.ts'
import { boxInPage } from './page-box.ts'
import { type Pace, Screencast, type Shot } from './screencast.ts'
import type { Target } from './targets.ts'
import { rootOf } from './unknown-target.ts'
import { within } from './within.ts'

/** Something held, and where on the page it would act. */
export interface HeldSpot {
  /** Id of the hold. */
  id: string
  /** Id of its run. */
  run: string
  target: Target
  /** In CSS pixels of the viewport of the page around `target`; null where it has no place. */
  box: Box | null
  /** Backend node id of the element, in the companion's session of `target`: it is followed while
   * the page moves under it. */
  node?: number
}

/** Told by the holds, so that a person can see what they are asked about. Neither call waits. */
export interface PictureDesk {
  held(spot: HeldSpot): void
  /** It is held no more, however it ended. */
  done(hold: string): void
}

/** One run's pictures; `hands` while a person has it in hand. */
export interface RunPicture extends PictureSource {
  hands(on: boolean): void
  end(): void
}

/** Pictures of what is held, of every run. A page is filmed only while something on it is held, or a
 * person has its run in hand, and somebody watches; at any other time nothing is asked of it. */
export class Pictures implements PictureDesk {
  readonly #runs = new Map<string, Film>()
  readonly #spots = new Map<string, HeldSpot>()
  /** Finding a spot takes a moment, and the hold may end in it. */
  readonly #done = new Set<string>()

  /** `pages` are the run's pages as they are now, oldest first. */
  of(run: string, pages: () => readonly Target[]): RunPicture {
    const film = new Film(pages, () => [...this.#spots.values()].filter((spot) => spot.run === run))
    this.#runs.set(run, film)
    return {
      watch: (listener) => film.watch(listener),
      hands: (on) => film.hands(on),
      end: () => {
        this.#runs.delete(run)
        film.end()
      },
    }
  }

  held(spot: HeldSpot): void {
    if (this.#done.has(spot.id)) return
    this.#spots.set(spot.id, spot)
    this.#runs.get(spot.run)?.look(spot)
  }

  done(hold: string): void {
    const spot = this.#spots.get(hold)
    this.#spots.delete(hold)
    this.#done.add(hold)
    const [oldest] = this.#done
    if (this.#done.size > DONE_LIMIT && oldest !== undefined) this.#done.delete(oldest)
    if (spot) this.#runs.get(spot.run)?.look()
  }
}

/** How many ended holds are remembered. */
const DONE_LIMIT = 500

/** How long a busy page may take to say where an element is. */
const BOX_MS = 300

/** How often it is looked which page is in front, while a person has the run in hand. */
const FRONT_MS = 500

interface Cast {
  readonly cast: Screencast
  last: Shot | null
  /** Counts the pictures, so that a slow one does not come after a later one. */
  turn: number
  dialog: PageDialog | null
  readonly unlisten: (() => void)[]
}

class Film {
  readonly #pages: () => readonly Target[]
  readonly #spots: () => readonly HeldSpot[]
  readonly #listeners = new Set<(frame: Frame) => void>()
  readonly #casts = new Map<Target, Cast>()
  /** The last frame of each hold, and of the page in hand: for who comes later. */
  readonly #kept = new Map<string | null, Frame>()
  #hands = false
  #ticking: ReturnType<typeof setInterval> | undefined

  constructor(pages: () => readonly Target[], spots: () => readonly HeldSpot[]) {
    this.#pages = pages
    this.#spots = spots
  }

  watch(listener: (frame: Frame) => void): () => void {
    this.#listeners.add(listener)
    for (const frame of this.#kept.values()) listener(frame)
    this.look()
    return () => {
      this.#listeners.delete(listener)
      this.look()
    }
  }

  hands(on: boolean): void {
    this.#hands = on
    this.look()
  }

  end(): void {
    this.#listeners.clear()
    this.#hands = false
    this.look()
  }

  /** Films what is to be filmed now, and nothing else. `fresh` was held just now. */
  look(fresh?: HeldSpot): void {
    const wanted = this.#wanted()
    for (const [target, { cast }] of [...this.#casts])
      if (wanted.get(target) !== cast.pace) this.#stop(target)
    for (const [target, pace] of wanted) if (!this.#casts.has(target)) this.#start(target, pace)
    const shown = new Set<string | null>(this.#spots().map(({ id }) => id))
    if (this.#hands) shown.add(null)
    for (const hold of this.#kept.keys()) if (!shown.has(hold)) this.#kept.delete(hold)
    this.#tick()
    // A page that has not changed since sends no new frame for what is held on it now.
    const last = fresh && this.#casts.get(rootOf(fresh.target))?.last
    if (fresh && last) void this.#take(rootOf(fresh.target), last)
  }

  #wanted(): Map<Target, Pace> {
    const wanted = new Map<Target, Pace>()
    if (this.#listeners.size === 0) return wanted
    for (const { target } of this.#spots()) wanted.set(rootOf(target), 'held')
    const front = this.#hands ? this.#pages().at(-1) : undefined
    if (front) wanted.set(front, 'hands')
    return wanted
  }

  /** A person's own click may open a page, or close one. */
  #tick(): void {
    const needed = this.#hands && this.#listeners.size > 0
    if (needed) this.#ticking ??= setInterval(() => this.look(), FRONT_MS)
    if (needed) return
    clearInterval(this.#ticking)
    this.#ticking = undefined
  }

  #start(target: Target, pace: Pace): void {
    const { session } = target
    const film: Cast = {
      cast: new Screencast(target, pace, (shot) => void this.#take(target, shot)),
      ...{ last: null, turn: 0, dialog: null, unlisten: [] },
    }
    this.#casts.set(target, film)
    if (pace !== 'hands') return
    const on = (dialog: PageDialog | null) => {
      film.dialog = dialog
      if (film.last) void this.#take(target, film.last)
    }
    film.unlisten.push(
      session.on('Page.javascriptDialogOpening', (event) => on(dialogOf(event))),
      session.on('Page.javascriptDialogClosed', () => on(null)),
    )
  }

  #stop(target: Target): void {
    const film = this.#casts.get(target)
    this.#casts.delete(target)
    film?.cast.stop()
    for (const unlisten of film?.unlisten ?? []) unlisten()
  }

  async #take(target: Target, shot: Shot): Promise<void> {
    const film = this.#casts.get(target)
    if (!film) return
    film.last = shot
    film.turn += 1
    const turn = film.turn
    const spots = this.#spots().filter((spot) => rootOf(spot.target) === target)
    const boxes = await Promise.all(spots.map(placeOf))
    // A later frame was quicker: this one shows the past.
    if (this.#casts.get(target)?.turn !== turn) return
    const still = new Set(this.#spots())
    for (const [index, spot] of spots.entries())
      if (still.has(spot)) this.#show(target, shot, spot.id, boxes[index] ?? null)
    if (this.#hands && !spots.some((spot) => still.has(spot))) this.#show(target, shot, null, null)
  }

  #show(target: Target, shot: Shot, hold: string | null, box: Box | null): void {
    const { id: page, url, title } = target
    const film = this.#casts.get(target)
    const at = new Date().toISOString()
    const [hands, dialog] = [film?.cast.pace === 'hands', film?.dialog ?? null]
    const frame = { at, ...shot, box, hold, hands, dialog, page, url, title }
    this.#kept.set(hold, frame)
    for (const listener of [...this.#listeners]) listener(frame)
  }
}

async function placeOf(spot: HeldSpot): Promise<Box | null> {
  if (spot.node === undefined) return spot.box
  const box = await within(BOX_MS, boxInPage(spot.target, spot.node))
  // A page that a dialog blocks does not say; then it stands where it last stood.
  if (box) spot.box = box
  return spot.box
}

function dialogOf({ type, message }: Params): PageDialog {
  return { type: textOf(type) ?? 'alert', text: (textOf(message) ?? '').slice(0, 2000) }
}
