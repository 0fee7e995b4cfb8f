import { startPracticeSite } from '../practice/site.ts'
import type { StartedPart, StartFlags, StartPart } from './start.ts'

/** `start --practice`: the practice site beside the companion, on a port of its own. `url` is null
 * until it runs. */
export function practicePart(): { part: StartPart; url(): string | null } {
  let url: string | null = null
  const serve = async (options: StartFlags): Promise<StartedPart | null> => {
    if (options.practice !== true) return null
    const site = await startPracticeSite()
    url = site.url
    return {
      line: { practice: site.url },
      says: [`practice   ${site.url}`],
      stop: () => site.stop(),
    }
  }
  const part: StartPart = {
    flags: (command) => {
      command.option('--practice', 'also serve the practice site, to try the gate on')
    },
    afterReady: (_companion, options) => serve(options),
    afterAttached: (_companion, options) => serve(options),
  }
  return { part, url: () => url }
}
