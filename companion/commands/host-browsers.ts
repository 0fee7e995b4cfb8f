import { clientSwitches } from '../gateway/switches.ts'
import type { BrowserOrder, HostBrowser } from '../server/browser-board.ts'
import { findOrInstallBrowser } from './doctor.ts'
import { startGatewayHost } from './gateway-host.ts'
import type { Companion } from './start-companion.ts'

/** Fills the board of a companion: each browser gets a gateway of its own in this process, with one
 * run. */
export function hostBrowsers(companion: Companion): void {
  companion.browsers.fill((order) => host(companion, order))
}

const host = async (
  companion: Companion,
  {
    profile,
    headless,
    app,
    pages,
    port,
    name,
    agent,
    tag,
    startedBy,
    closeAsked,
    ...order
  }: BrowserOrder,
): ReturnType<HostBrowser> => {
  const found = await findOrInstallBrowser()
  if (!found.ok) return { ok: false, error: found.error }
  // Sorted here, whoever sent them: one wrong switch would be a way out.
  const { switches, dropped } = clientSwitches(order.switches)
  let runEnded: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    runEnded = resolve
  })
  const gateway = await startGatewayHost(companion, {
    ...{ browser: found.browser, profile, headless, switches, runEnded },
    env: { ...process.env, ...order.env },
    ...(app === undefined ? {} : { app }),
  })
  try {
    const run = await gateway.newRun({
      ...{ name, agent, tag, startedBy, closed: closeAsked },
      ...(pages === undefined ? {} : { pages }),
      ...(port === undefined ? {} : { port }),
    })
    const { id, cdp, ws } = run
    return {
      ok: true,
      hosted: {
        ...{ run: id, cdp, ws, dropped, program: found.browser.path },
        ...{ ended: gateway.ended, runEnded: ended, stop: () => gateway.stop() },
      },
    }
  } catch (error) {
    await gateway.stop()
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    const message = `port ${port} is in use; choose another, or 0 for any free one`
    return { ok: false, error: { code: 'port_busy', message } }
  }
}
