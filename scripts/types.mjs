// Type-checks every folder against its own tsconfig: the restricted `lib` and `types` there are the
// compiler walls that keep the DOM out of the classifier and Node out of the extension.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const projects = [
  'shared',
  'shared/page',
  'shared/ui',
  'extension',
  'companion',
  'companion/gateway/page',
  'companion/dashboard',
  'test',
]
let failed = 0
for (const project of projects.filter((p) => existsSync(`${p}/tsconfig.json`))) {
  const run = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], {
    stdio: 'inherit',
  })
  if (run.status !== 0) failed++
}
if (failed > 0) {
  console.error(`types: ${failed} of ${projects.length} projects have errors`)
  process.exit(1)
}
