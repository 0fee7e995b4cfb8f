import { type CdpProblem, numberOf, type Params, paramsOf, SERVER_ERROR, textOf } from './cdp.ts'
import { filesNamed, touches } from './own-files.ts'
import type { Target, Targets } from './targets.ts'
import { isOwnAddress, isVisible, visitable } from './visible.ts'

/** What becomes of a command, seen from what the run may reach. `forged` says how it aimed at what
 * approves. */
export type ScopeVerdict =
  | { class: 'pass'; params: Params }
  | { class: 'refuse'; problem: CdpProblem; forged?: string }

/** Commands that mean the default browser context where they name none, which may be another run's; on
 * the session of a page, too (measured on Chromium 156). */
const NEEDS_CONTEXT = new Set([
  'Browser.cancelDownload',
  'Browser.grantPermissions',
  'Browser.resetPermissions',
  'Browser.setDownloadBehavior',
  'Browser.setPermission',
  'Target.createTarget',
])

/** On the session of a page they mean the default context, too, and there they take no other (measured
 * on Chromium 156): so the browser is asked, for the context of the page. */
const COOKIES = new Set(['Storage.clearCookies', 'Storage.getCookies', 'Storage.setCookies'])

/** What to ask the browser in the place of a target; null where the target itself is meant. */
export function askedOfBrowser(method: string, params: Params, target: Target): Params | null {
  const { browserContextId } = target
  return COOKIES.has(method) ? { ...params, browserContextId } : null
}

const NAVIGATES = new Set(['Page.navigate', 'Target.createTarget'])

/** What one run may reach: its own browser contexts and what lies in them. */
export class Scope {
  readonly #targets: Targets
  readonly #ownPorts: () => ReadonlySet<number>
  readonly #ownFolder: string | null
  /** The context that the run takes for the browser's default one. */
  readonly base: string
  /** Made by the run's own agents. */
  readonly made = new Set<string>()
  readonly #windows = new Set<number>()

  /** `ownFolder` is where the companion keeps its token, keys and log; no page gets a file of it. */
  constructor(
    targets: Targets,
    base: string,
    ownPorts: () => ReadonlySet<number>,
    ownFolder: string | null = null,
  ) {
    this.#targets = targets
    this.base = base
    this.#ownPorts = ownPorts
    this.#ownFolder = ownFolder
  }

  hasContext(id: string): boolean {
    return id === this.base || this.made.has(id)
  }

  /** Whether the run's agents may know of a target, by what the browser says of it. Without a context
   * it belongs to what it was found in: `inside` says that this is the run's. */
  sees(info: Params, inside = false): boolean {
    const context = textOf(info.browserContextId)
    const url = textOf(info.url) ?? ''
    if (!isVisible(textOf(info.type) ?? '', url) || isOwnAddress(url, this.#ownPorts()))
      return false
    return context === undefined ? inside : this.hasContext(context)
  }

  hasTarget(id: string): boolean {
    const info = this.#targets.info(id)
    return info !== undefined && this.sees({ ...info })
  }

  /** Judges ids and addresses in a command, and writes the run's own context into it where it has
   * none. A foreign id gets the answer that one gets which does not exist. */
  judge(method: string, params: Params, level: 'root' | 'target'): ScopeVerdict {
    const { targetId, browserContextId, windowId, url } = params
    if (targetId !== undefined && !this.hasTarget(textOf(targetId) ?? ''))
      return refuse('No target with given id found')
    if (browserContextId !== undefined && !this.hasContext(textOf(browserContextId) ?? ''))
      return refuse(`Failed to find browser context with id ${textOf(browserContextId) ?? ''}`)
    if (method === 'Target.disposeBrowserContext' && browserContextId === this.base)
      return refuse('The default browser context cannot be disposed of')
    if (windowId !== undefined && !this.#windows.has(numberOf(windowId) ?? -1))
      return refuse('Browser window not found')
    if (this.#namesOwnFile(method, params))
      return {
        ...refuse("Holdpoint's own files are out of an agent's reach; the attempt was recorded"),
        forged: `an agent named a file of Holdpoint's own in ${method}`,
      }
    if (NAVIGATES.has(method) && url !== undefined) return this.#judgeUrl(method, params, level)
    return this.#withContext(method, params, level)
  }

  #namesOwnFile(method: string, params: Params): boolean {
    const folder = this.#ownFolder
    if (folder === null) return false
    return filesNamed(method, params).some((file) => touches(file, folder))
  }

  #judgeUrl(method: string, params: Params, level: 'root' | 'target'): ScopeVerdict {
    const text = textOf(params.url) ?? ''
    const url = text === '' ? new URL('about:blank') : visitable(text)
    if (!url)
      return refuse(
        `Cannot navigate to ${JSON.stringify(text.slice(0, 100))}: Holdpoint opens only http:, https:, data: and blob: addresses and about:blank in a supervised browser`,
      )
    if (isOwnAddress(url.href, this.#ownPorts()))
      return {
        ...refuse("Holdpoint's own pages are out of an agent's reach; the attempt was recorded"),
        forged: `an agent sent ${method} to Holdpoint's own address ${url.origin}`,
      }
    return this.#withContext(method, { ...params, url: url.href }, level)
  }

  #withContext(method: string, params: Params, level: 'root' | 'target'): ScopeVerdict {
    const needs = NEEDS_CONTEXT.has(method) || (level === 'root' && COOKIES.has(method))
    const missing = needs && params.browserContextId === undefined
    return {
      class: 'pass',
      params: missing ? { ...params, browserContextId: this.base } : params,
    }
  }

  /** Results that name what lies outside of the run, or that the scope must know of. */
  readonly results: Readonly<Record<string, (result: Params) => Params>> = {
    'Target.getTargets': (result) => ({
      targetInfos: listOf(result.targetInfos).filter((info) => this.sees(info)),
    }),
    'Target.getBrowserContexts': ({ browserContextIds }) => {
      const living: unknown[] = Array.isArray(browserContextIds) ? browserContextIds : []
      for (const id of this.made) if (!living.includes(id)) this.made.delete(id)
      return { browserContextIds: [...this.made], defaultBrowserContextId: this.base }
    },
    'Target.createBrowserContext': (result) => {
      const id = textOf(result.browserContextId)
      if (id !== undefined) this.made.add(id)
      return result
    },
    'Browser.getWindowForTarget': (result) => {
      const id = numberOf(result.windowId)
      if (id !== undefined) this.#windows.add(id)
      return result
    },
  }
}

function refuse(message: string): { class: 'refuse'; problem: CdpProblem } {
  return { class: 'refuse', problem: { code: SERVER_ERROR, message } }
}

function listOf(value: unknown): Params[] {
  return Array.isArray(value) ? value.map(paramsOf) : []
}
