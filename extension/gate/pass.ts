/** How long a navigation may take to follow the gesture that was let go, in ms. */
const FOLLOW_MS = 3000

/** How long a script of the page may take to submit after the gesture that was let go, in ms. */
const SCRIPT_MS = 1000

interface Grant {
  until: number
  used: boolean
}

/** What may go through without being asked about: everything inside the dispatch of a released
 * gesture, and the one navigation that an already judged gesture causes a moment later. */
export interface Pass {
  /** True inside `during`: the events under way are the released gesture's own. */
  readonly open: boolean
  during(run: () => void): void
  /** Lets the next navigation that names one of `sources` as its cause go. One-shot. */
  grant(...sources: (Element | null)[]): void
  /** Lets one submit or navigation by script go: a released handler that awaited something first. */
  grantScript(): void
  /** Lets one click by script on `target` go: the replay that has to be made in the page's world. */
  expectClick(target: Element): void
  takeClick(target: Element): boolean
  /** Uses up a grant for a navigation caused by `source`, if there is one. */
  take(source: Element | null, byScript: boolean): boolean
}

/** `now` gives ms of any steady clock. */
export function createPass(now: () => number): Pass {
  let depth = 0
  /** The last grant of each source: a look-up costs the same on a page that clicks without end. */
  const grants = new WeakMap<Element, Grant>()
  let expected: { target: Element; until: number } | null = null
  let scriptUntil = Number.NEGATIVE_INFINITY
  return {
    get open() {
      return depth > 0
    },
    during(run) {
      depth++
      try {
        run()
      } finally {
        depth--
      }
    },
    grant(...sources) {
      const grant: Grant = { until: now() + FOLLOW_MS, used: false }
      for (const source of sources) if (source) grants.set(source, grant)
    },
    grantScript() {
      scriptUntil = now() + SCRIPT_MS
    },
    expectClick(target) {
      expected = { target, until: now() + SCRIPT_MS }
    },
    takeClick(target) {
      const taken = expected?.target === target && expected.until > now()
      if (taken) expected = null
      return taken
    },
    take(source, byScript) {
      const time = now()
      const found = source ? grants.get(source) : undefined
      if (found && !found.used && found.until > time) {
        found.used = true
        return true
      }
      if (!byScript || scriptUntil <= time) return false
      scriptUntil = Number.NEGATIVE_INFINITY
      return true
    },
  }
}
