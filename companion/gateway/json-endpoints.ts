import { type Params, paramsOf, textOf } from './cdp.ts'
import { goWhenRunning } from './open-page.ts'
import type { Pipe } from './pipe.ts'
import { protocolJson } from './protocol-json.ts'
import type { Run } from './run.ts'
import type { Targets } from './targets.ts'

export interface JsonAnswer {
  status: number
  /** JSON, or a sentence where something is wrong. */
  body: string
}

export interface JsonRequest {
  method: string
  /** Path and query, as in the request line. */
  target: string
  /** As the client called us, for the addresses in the answer. */
  host: string
  /** Last part of the WebSocket's path. */
  token: string
}

/** What a browser with a debugging port answers at `/json/*`
 * (https://chromedevtools.github.io/devtools-protocol/#endpoints), for the targets of one run. */
export class JsonEndpoints {
  readonly #pipe: Pipe
  readonly #targets: Targets
  readonly #run: Run

  constructor(pipe: Pipe, targets: Targets, run: Run) {
    this.#pipe = pipe
    this.#targets = targets
    this.#run = run
  }

  async answer(request: JsonRequest): Promise<JsonAnswer> {
    const [path = '', query = ''] = request.target.split(/\?(.*)/s)
    const [, json, command = 'list', id = ''] = path.replace(/\/$/, '').split('/')
    if (json !== 'json') return notFound(path)
    switch (command) {
      case 'version':
        return await this.#version(request)
      case 'protocol':
        return { status: 200, body: protocolJson() }
      case 'list':
        return written(await this.#list(request.host))
      case 'new':
        return await this.#new(request, query)
      case 'activate':
        return await this.#act('Target.activateTarget', id, 'Target activated')
      case 'close':
        return await this.#act('Target.closeTarget', id, 'Target is closing')
      default:
        return notFound(path)
    }
  }

  async #version({ host, token }: JsonRequest): Promise<JsonAnswer> {
    const version = await this.#pipe.call('Browser.getVersion')
    return written({
      Browser: version.product,
      'Protocol-Version': version.protocolVersion,
      'User-Agent': version.userAgent,
      'V8-Version': version.jsVersion,
      // chromedriver reads the revision here, and gives up on any other form.
      'WebKit-Version': `537.36 (${textOf(version.revision) ?? '@unknown'})`,
      webSocketDebuggerUrl: `ws://${host}/devtools/browser/${token}`,
    })
  }

  async #list(host: string): Promise<Params[]> {
    const { targetInfos } = await this.#pipe.call('Target.getTargets', { filter: LISTED })
    const infos = Array.isArray(targetInfos) ? targetInfos.map(paramsOf) : []
    return infos.filter((info) => this.#run.scope.sees(info)).map((info) => entry(info, host))
  }

  async #new({ method, host }: JsonRequest, query: string): Promise<JsonAnswer> {
    if (method !== 'PUT')
      return {
        status: 405,
        body: `Using unsafe HTTP verb ${method} to invoke /json/new. This action supports only PUT verb.`,
      }
    const { scope } = this.#run
    const asked = decoded(query) || 'about:blank'
    const verdict = scope.judge('Target.createTarget', { url: asked }, 'root')
    if (verdict.class === 'refuse') {
      if (verdict.forged !== undefined) this.#run.forged(verdict.forged)
      return { status: 403, body: verdict.problem.message }
    }
    const url = textOf(verdict.params.url) ?? 'about:blank'
    const created = await this.#pipe.call('Target.createTarget', {
      ...verdict.params,
      url: 'about:blank',
    })
    const targetId = textOf(created.targetId) ?? ''
    if (url !== 'about:blank') await goWhenRunning(this.#pipe, this.#targets, targetId, url)
    const { targetInfo } = await this.#pipe.call('Target.getTargetInfo', { targetId })
    return written(entry(paramsOf(targetInfo), host))
  }

  async #act(method: string, targetId: string, done: string): Promise<JsonAnswer> {
    const missing = { status: 404, body: `No such target id: ${targetId.slice(0, 100)}` }
    if (!this.#run.scope.hasTarget(targetId)) return missing
    return await this.#pipe.call(method, { targetId }).then(
      () => ({ status: 200, body: done }),
      () => missing, // it has just gone
    )
  }
}

/** Chromium's own default. Without it, what the companion itself wants to hear of would be listed. */
const LISTED = [{ type: 'browser', exclude: true }, { type: 'tab', exclude: true }, {}]

function entry(info: Params, host: string): Params {
  const { targetId, type, title, url } = info
  const ws = `${host}/devtools/page/${targetId}`
  return {
    description: '',
    devtoolsFrontendUrl: `/devtools/inspector.html?ws=${ws}`,
    id: targetId,
    title,
    type,
    url,
    webSocketDebuggerUrl: `ws://${ws}`,
  }
}

function written(value: unknown): JsonAnswer {
  return { status: 200, body: JSON.stringify(value, null, 2) }
}

function notFound(path: string): JsonAnswer {
  return { status: 404, body: `Unknown command: ${path.slice(0, 100)}` }
}

function decoded(query: string): string {
  try {
    return decodeURIComponent(query)
  } catch {
    return query // a bare `%`: the address as it stands
  }
}
