import '#extension/zod-config.ts'
import { defineBackground } from 'wxt/utils/define-background'
import { startWorker } from '#extension/worker/start-worker.ts'

export default defineBackground({
  type: 'module',
  main() {
    startWorker()
  },
})
