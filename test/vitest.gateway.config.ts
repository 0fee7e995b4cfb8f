import { defineConfig } from 'vitest/config'

/** Tests of the gateway and the proxy, which start real browsers: one file at a time. */
export default defineConfig({
  test: {
    include: ['test/gateway/**/*.test.ts'],
    // A real browser on a busy machine now and then answers late; twice in a row it does not.
    retry: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
})
