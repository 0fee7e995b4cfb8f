import { computed, signal } from '@preact/signals'

export type View = 'pending' | 'runs' | 'staged' | 'log' | 'policy' | 'status'
const VIEWS: readonly View[] = ['pending', 'runs', 'staged', 'log', 'policy', 'status']

/** Views that show one of their things by its id: a hold, a run, an entry of the log. */
const ONE: readonly View[] = ['pending', 'runs', 'log']

const hash = signal('')

/** Where the person is: the view, and the id of what it shows. */
export const route = computed<{ view: View; id: string | null }>(() => {
  const [, name = '', id = ''] = /^#\/([a-z]*)\/?([^/]*)/.exec(hash.value) ?? []
  const view = VIEWS.find((each) => each === name) ?? 'pending'
  return { view, id: ONE.includes(view) && id !== '' ? decoded(id) : null }
})

/** Follows the address bar. */
export function followRoute(): void {
  hash.value = location.hash
  addEventListener('hashchange', () => {
    hash.value = location.hash
    scrollTo(0, 0)
  })
}

/** The address of a view, or of one thing in it. */
export function linkTo(view: View, id?: string): string {
  return `#/${view}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Typed by hand, then: it names nothing, and the view says so.
    return text
  }
}
