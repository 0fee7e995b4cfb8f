import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The script that looks into pages, as `npm run build` made it; `root` is the package's folder. */
export function pageScript(root: string): string {
  const file = join(root, 'companion/dist/gateway-page.js')
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`\`${file}\` cannot be read; run \`npm run build\``, { cause: error })
  }
}
