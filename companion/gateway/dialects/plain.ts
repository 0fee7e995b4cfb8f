import type { ClientFamily } from '../agent.ts'
import { SERVER_ERROR } from '../cdp.ts'
import type { Dialect } from './dialect.ts'

/** Clients that hand a CDP error on as it is: Stagehand, agent-browser, chromedriver, and whoever speaks
 * CDP by hand.
 *
 * Every part of the gesture gets the error. chromedriver sends all but the last command of a gesture
 * without looking at the answer: it would report a click that failed only at the press as done. And a
 * client that is not known must rather fail twice than once too few. */
export function plain(family: ClientFamily): Dialect {
  return {
    refuse: (command, { text }) =>
      command.agent.fail(command, { code: SERVER_ERROR, message: text }),
    intercept: () => false,
    gaveUp: () => false,
    client: () => family,
  }
}
