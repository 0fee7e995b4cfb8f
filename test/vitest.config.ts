import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/architecture.test.ts', 'test/unit/**/*.test.ts', 'test/flow/**/*.test.ts'],
    testTimeout: 15_000,
    // By default one core is left free, which is half of a machine with two.
    maxWorkers: '100%',
    // Style sheets imported as text keep their text; all others are emptied, as by default.
    css: { include: [/\.css\?raw$/] },
  },
})
