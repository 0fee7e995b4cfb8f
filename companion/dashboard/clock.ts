import { signal } from '@preact/signals'

/** Milliseconds since the epoch, once a second: what every age and countdown on the page reads. */
export const now = signal(Date.now())

export function startClock(): void {
  setInterval(() => {
    now.value = Date.now()
  }, 1000)
}
