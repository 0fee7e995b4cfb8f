import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/architecture.test.ts', 'test/unit/**/*.test.ts', 'test/flow/**/*.test.ts'],
    testTimeout: 15_000,
  },
})
