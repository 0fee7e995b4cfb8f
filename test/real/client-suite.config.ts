/** Runs a public client's own tests on a browser that is there already: whatever they launch is a
 * connection to it. Loaded by client-suite.ts, in the runner and in each of its workers. */
import { chromium, defineConfig } from '@playwright/test'

const { SUITE_DIR, SUITE_CDP, SUITE_REPORT } = process.env
if (!SUITE_DIR || !SUITE_CDP || !SUITE_REPORT)
  throw new Error('run this by `npm run real:client-suite -- CHECKOUT`')

chromium.launch = () => chromium.connectOverCDP(SUITE_CDP)

export default defineConfig({
  testDir: SUITE_DIR,
  outputDir: `${SUITE_DIR}/../results`,
  timeout: 15_000,
  workers: 1,
  retries: 0,
  reporter: [['json', { outputFile: SUITE_REPORT }]],
  snapshotPathTemplate: '{testDir}/{testFileDir}/{testFileName}-snapshots/{arg}-chromium{ext}',
  // A whole browser, not the headless shell that their names for it would mean otherwise.
  use: { browserName: 'chromium', channel: 'chromium', headless: true },
})
