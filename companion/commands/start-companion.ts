import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { classify } from '#shared/classify/classify.ts'
import type { PairCode } from '#shared/protocol/access.ts'
import type { Mode } from '#shared/protocol/words.ts'
import { type CodeProvider, contextProviders } from '../context/providers.ts'
import { Access } from '../core/access.ts'
import { emptyChain, seal } from '../core/audit.ts'
import { type Context, durably, isoNow } from '../core/context.ts'
import type { Lines } from '../core/door.ts'
import { CEILINGS } from '../core/kept-ceilings.ts'
import { openForAll } from '../core/open-breaker.ts'
import { type PolicyBook, policyBook } from '../core/policy-book.ts'
import type { Clock, Ids, Store } from '../core/ports.ts'
import { openCore } from '../core/recover.ts'
import { RunBoard } from '../core/run-board.ts'
import { randomIds, systemClock } from '../core/system.ts'
import { app } from '../server/app.ts'
import { BrowserBoard } from '../server/browser-board.ts'
import { Refusals } from '../server/guards/refusals.ts'
import { type Listening, listen } from '../server/listen.ts'
import { LiveBus } from '../server/live-bus.ts'
import { packageRoot } from '../server/package-root.ts'
import { newPairCode } from '../server/routes/pair.ts'
import { recordPolicy } from '../server/routes/policy.ts'
import { ownUrl, type Routes, type Services } from '../server/services.ts'
import { readPolicy, watchPolicy } from '../server/watch-policy.ts'
import { HeadFile, replaceFile } from '../store/head-file.ts'
import { openStore } from '../store/sqlite/open-store.ts'
import { chainWatch } from './chain-watch.ts'
import { Failure } from './failure.ts'
import { filesOf, keepState, leaveHome, makeHome, takeHome } from './home.ts'
import { writeOwnPolicy } from './policy-schema-file.ts'
import { reportOnStderr } from './report.ts'
import { undoer } from './undoer.ts'

/** Where the companion listens if nothing else is asked for; the next free port if it is taken. */
export const DEFAULT_PORT = 4763

export interface StartOptions {
  home: string
  /** 0 takes any free port; none takes `DEFAULT_PORT` or one of the next. */
  port?: number | undefined
  /** Policy file; `holdpoint.yaml` in the home folder without one. */
  policy?: string | undefined
  /** Stands in for the policy's own global mode. */
  mode?: Mode | undefined
  clock?: Clock
  ids?: Ids
  /** Context providers in code, by the name that the policy calls them. */
  providers?: Readonly<Record<string, CodeProvider>> | undefined
  /** Called before anybody can find it. */
  prepare?(companion: Companion): void
  /** Told of errors that nobody can be answered with; standard error without one. */
  report?(error: unknown): void
}

export interface Companion {
  url: string
  /** The dashboard with the supervisor's token in the fragment. */
  dashboardUrl: string
  token: string
  home: string
  version: string
  pairing: PairCode
  /** A fresh pairing code. */
  pair(): PairCode
  /** How many paired browsers are connected. */
  connected(): number
  routes: Routes
  context: Context
  /** Brings verdicts to the doors inside this process. */
  lines: Lines
  /** Calls `run` whenever another policy is in force; it must not throw. The returned function ends it. */
  onPolicy(run: () => void): () => void
  /** Which runs there are; the gateway tells it. */
  runs: RunBoard
  /** Supervised browsers in this process. It starts none until it is filled; see host-browsers.ts. */
  browsers: BrowserBoard
  /** Addresses of every gateway in this process: none of their agents may reach those of another. */
  origins: Set<() => readonly string[]>
  /** Whether anybody needs it: a supervised browser, a dashboard, a paired browser. */
  isWanted(): boolean
  stop(): Promise<void>
}

/** Starts a companion and resolves when it can be used. Rejects with a Failure where the home folder
 * is taken or the port is; nothing is left behind then. */
export async function startCompanion(options: StartOptions): Promise<Companion> {
  const home = resolve(options.home)
  makeHome(home)
  if (!(await takeHome(home)))
    throw new Failure(
      'portBusy',
      'already_running',
      `a companion is running on \`${home}\` already; stop it, or choose another folder with --home`,
    )
  const undo: (() => unknown)[] = [() => leaveHome(home)]
  try {
    return await start({ ...options, home }, undo)
  } catch (error) {
    for (const step of undo.reverse()) await step()
    throw error
  }
}

async function start(options: StartOptions, undo: (() => unknown)[]): Promise<Companion> {
  const { home } = options
  const report = options.report ?? reportOnStderr
  const policyPath = resolve(options.policy ?? filesOf(home).policy)
  if (options.policy === undefined) writeOwnPolicy(policyPath)

  const { store, head } = openLog(home)
  undo.push(() => store.close())
  const chain = await chainWatch(store, head, options.clock ?? systemClock)
  const policy = policyBook(options.mode ?? null, {
    ceilings: await store.setting(CEILINGS),
    readBeside: (file) => readPolicy(resolve(dirname(policyPath), file)),
  })
  policy.offer(readPolicy(policyPath))
  const bus = new LiveBus()
  const clock = options.clock ?? systemClock
  const ids = options.ids ?? randomIds
  const facts = contextProviders({
    policy: policy.current,
    dir: dirname(policyPath),
    code: options.providers,
    clock,
    env: process.env,
    report,
  })
  const context = await openCore({ store, clock, ids, policy, bus, classify, facts, report })
  undo.push(() => context.deadlines.clearAll())
  if (chain.problem)
    context.breaker.open(`the audit log was changed: ${chain.problem}`, isoNow(context))
  const access = await Access.open(context)

  const runs = new RunBoard(context)
  let listening: Listening | undefined
  const { dir, version } = packageRoot()
  const services: Services = {
    context,
    access,
    policy,
    bus,
    runs,
    browsers: new BrowserBoard(context, home),
    undo: undoer(context, runs, home),
    refusals: new Refusals(context),
    policyFile: { path: policyPath, replace: (text) => replaceFile(policyPath, text) },
    chain: chain.last,
    home,
    version,
    startedAt: isoNow(context),
    port: () => listening?.port ?? 0,
    dashboard: join(dir, 'companion/dist/dashboard'),
  }
  const routes = app(services)
  const token = await supervisorToken(home, access)
  await recordStart(services, chain.problem)
  listening = await listenSomewhere(routes, options.port)
  undo.push(() => listening?.close())
  const url = ownUrl(services)

  const watching = new AbortController()
  undo.push(() => watching.abort())
  watchPolicy(policyPath, (text) => take(services, text), watching.signal, policy.beside)
  chain.checkSoon(watching.signal, (problem) => {
    openForAll(context, `the audit log was changed: ${problem}`).catch(report)
  })
  const stop = async () => {
    watching.abort()
    // From here on nobody can use it, and nobody may take the home folder before it is done.
    await keepState(home, { pid: process.pid, url: null })
    await services.browsers.close()
    await access.close(bus.askers())
    bus.hangUp(1001, 'the companion is stopping')
    await listening?.close()
    context.deadlines.clearAll()
    await durably(context, (tx) =>
      tx.append({
        at: isoNow(context),
        kind: 'stopped',
        actor: 'companion',
        hold: null,
        run: null,
        body: {},
      }),
    )
    await chain.idle()
    await store.close()
    await head.flush()
    leaveHome(home)
  }
  const companion: Companion = {
    url,
    dashboardUrl: `${url}/#token=${token}`,
    token,
    home,
    version,
    pairing: newPairCode(services),
    pair: () => newPairCode(services),
    connected: () => bus.count(),
    routes,
    context,
    lines: bus,
    onPolicy: (run) => bus.listen(({ event }) => void (event === 'policy' && run())),
    runs: services.runs,
    browsers: services.browsers,
    origins: new Set(),
    isWanted: () => services.browsers.count() > 0 || bus.audience() > 0,
    stop: once(stop),
  }
  options.prepare?.(companion)
  await keepState(home, { pid: process.pid, url })
  return companion
}

function openLog(home: string): { store: Store; head: HeadFile } {
  let head: HeadFile | undefined
  const store = openStore({
    file: filesOf(home).database,
    seal,
    empty: emptyChain,
    committed: (last) => head?.note(last),
  })
  head = HeadFile.open(home, store.head().seq > 0, emptyChain)
  return { store, head }
}

/** The supervisor's token as it is on disk; a new one where that is missing or no longer good. */
async function supervisorToken(home: string, access: Access): Promise<string> {
  const file = filesOf(home).token
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  if (access.caller(kept)?.role === 'supervisor') return kept
  const issued = await access.issue('supervisor', 'supervisor', 'companion')
  if (!issued.ok) throw new Failure('setUp', issued.error.code, issued.error.message)
  await replaceFile(file, `${issued.token}\n`)
  return issued.token
}

async function recordStart(services: Services, problem: string | null): Promise<void> {
  const { context, policy, version } = services
  const done = await durably(context, (tx, later) => {
    const body = {
      version,
      pid: process.pid,
      policyVersion: policy.version(),
      policyOk: policy.ok(),
      problems: policy.problems(),
      mode: policy.mode(),
      chain: problem ?? 'ok',
    }
    const entry = tx.append({
      at: isoNow(context),
      kind: 'started',
      actor: 'companion',
      hold: null,
      run: null,
      body,
    })
    context.breaker.keep(tx, entry.id, later)
    policy.keep(tx, isoNow(context))
  })
  if (!done.ok) throw new Failure('setUp', done.error.code, done.error.message)
}

async function listenSomewhere(routes: Routes, port: number | undefined): Promise<Listening> {
  const first = port ?? DEFAULT_PORT
  const tries = port === undefined ? 20 : 1
  for (let next = first; next < first + tries; next++) {
    try {
      return await listen(routes, next)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    }
  }
  const range = tries === 1 ? `port ${first} is` : `ports ${first} to ${first + tries - 1} are`
  throw new Failure('portBusy', 'port_busy', `${range} in use; choose another with --port`)
}

function take(
  services: { policy: PolicyBook; context: Context; bus: LiveBus },
  text: string | null,
): void {
  const came = services.policy.offer(text)
  if (came === 'same') return
  recordPolicy(services, 'companion', { change: came }).catch(services.context.report)
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= run()
    return running
  }
}
