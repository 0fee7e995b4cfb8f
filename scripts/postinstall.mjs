// Types that WXT generates, so that an editor is happy right after `npm install`. Never fails an
// install: a production install has no wxt, and builds do not need its output.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

if (existsSync('node_modules/wxt') && existsSync('wxt.config.ts')) {
  spawnSync(process.execPath, ['node_modules/wxt/bin/wxt.mjs', 'prepare'], { stdio: 'ignore' })
}
