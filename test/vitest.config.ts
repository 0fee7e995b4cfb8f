import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/architecture.test.ts', 'test/unit/**/*.test.ts', 'test/flow/**/*.test.ts'],
    testTimeout: 15_000,
    // Style sheets imported as text keep their text; all others are emptied, as by default.
    css: { include: [/\.css\?raw$/] },
  },
})
