import { computed, signal } from '@preact/signals'

export type View = 'pending' | 'log' | 'policy' | 'status'
const VIEWS: readonly View[] = ['pending', 'log', 'policy', 'status']

const hash = signal('')

/** Where the person is: the view, and within the log one entry's id. */
export const route = computed<{ view: View; id: string | null }>(() => {
  const [, name = '', id = ''] = /^#\/([a-z]*)\/?([\w-]*)/.exec(hash.value) ?? []
  const view = VIEWS.find((each) => each === name) ?? 'pending'
  return { view, id: view === 'log' && id !== '' ? id : null }
})

/** Follows the address bar. */
export function followRoute(): void {
  hash.value = location.hash
  addEventListener('hashchange', () => {
    hash.value = location.hash
    scrollTo(0, 0)
  })
}

/** The address of a view, or of one entry of the log. */
export function linkTo(view: View, id?: string): string {
  return `#/${view}${id === undefined ? '' : `/${id}`}`
}
