import { browser } from '../browser.ts'
import type { Frame } from './frames.ts'

/** Brings the second script into frames that hold something. */
export function createHoldScript(onChange: () => void) {
  const without = new Set<Frame>()
  return {
    /** Frames whose actions are held without anybody being asked, because the script is missing. */
    get missing() {
      return without.size
    },
    async bring(frame: Frame): Promise<void> {
      try {
        await browser.scripting.executeScript({
          target: { tabId: frame.tab, frameIds: [frame.frame] },
          files: ['/hold.js'],
          injectImmediately: true,
        })
        if (without.delete(frame)) onChange()
      } catch (error) {
        console.warn(
          'holdpoint: could not bring `hold.js` into a frame, its actions stay held',
          error,
        )
        without.add(frame)
        frame.post({ type: 'hold-failed' })
        onChange()
      }
    },
    gone(frame: Frame): void {
      if (without.delete(frame)) onChange()
    },
  }
}
