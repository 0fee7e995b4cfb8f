import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: './browser',
  outputDir: '../test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  retries: 0,
  reporter: [['list']],
  forbidOnly: true,
})
