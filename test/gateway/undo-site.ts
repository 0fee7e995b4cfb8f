import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { fillRecipe } from '#companion/undo/fill-recipe.ts'
import { type Outcome, type RunOptions, runRecipe } from '#companion/undo/run-recipe.ts'
import { valuesFrom } from '#shared/policy/fill-template.ts'
import type { Act } from '#shared/policy/schema-limits.ts'

/** A site of made-up pages that writes down what is asked of it beside pages. */
export class UndoSite {
  readonly pages = new Map<string, string>()
  readonly hits: string[] = []
  readonly #profile = mkdtempSync(join(tmpdir(), 'holdpoint-undo-'))
  readonly #server: Server
  origin = ''

  private constructor() {
    this.#server = createServer((request, response) => {
      const path = request.url ?? '/'
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        if (request.method !== 'GET') this.hits.push(`${request.method} ${path} ${body}`.trim())
        const status = path.startsWith('/broken') ? 500 : 200
        const cookie = request.headers.cookie ?? 'nobody'
        response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
        const page = this.pages.get(path) ?? '<p>Done</p>'
        setTimeout(() => response.end(page.replace('%COOKIE%', cookie)), path === '/slow' ? 800 : 0)
      })
    })
  }

  static async start(): Promise<UndoSite> {
    const site = new UndoSite()
    await new Promise<void>((resolve) => site.#server.listen(0, '127.0.0.1', resolve))
    const address = site.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('no TCP address')
    site.origin = `http://127.0.0.1:${address.port}`
    return site
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }

  /** Runs steps on a page with this body. */
  async run(
    body: string,
    steps: readonly Act[],
    options: Partial<RunOptions> = {},
  ): Promise<Outcome> {
    this.pages.set('/', `<!doctype html><title>Site</title><body>${body}`)
    this.hits.length = 0
    const found = findBrowser()
    if (!found.ok) throw new Error(found.error.message)
    const recipe = fillRecipe({ url: `${this.origin}/`, steps: [...steps] }, valuesFrom(new Map()))
    const browser = { browser: found.browser, profile: this.#profile, headless: true }
    return await runRecipe(recipe, { ...browser, stepMs: 1500, ...options })
  }
}
