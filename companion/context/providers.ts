import type { AskContext, Clock } from '#companion/core/ports.ts'
import type { Policy } from '#shared/policy/policy.ts'
import type { Provider } from '#shared/policy/schema-limits.ts'
import { isRead } from '#shared/policy/subject.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { FactFiles } from './ask-file.ts'
import { addressOf, askHttp, tokenOf } from './ask-http.ts'
import { checkFacts, type Facts } from './check-facts.ts'
import { FactCache } from './fact-cache.ts'
import { Failures } from './failures.ts'
import { LookupSlots } from './lookup-slots.ts'
import { usedProviders } from './used-providers.ts'

/** A provider that is a function: gives its facts, or a promise of them. `signal` ends when nobody waits
 * for them any more. */
export type CodeProvider = (d: Descriptor, signal: AbortSignal) => unknown

export interface ProviderOptions {
  /** The policy in force. */
  policy(): Policy
  /** Folder of the policy file; files of facts stand beside it. */
  dir: string
  /** Providers in code, by the name that the policy calls them. */
  code?: Readonly<Record<string, CodeProvider>> | undefined
  clock: Clock
  env: Readonly<Record<string, string | undefined>>
  fetch?: typeof fetch
  report(error: unknown): void
}

/** How long a provider has, in ms, unless the policy says otherwise. */
const TIMEOUT_MS = 2000

/** Most lookups at the same time, whoever asks. */
const SLOTS = 32

/** Asks the context providers that the policy's conditions use, all at the same time. */
export function contextProviders(options: ProviderOptions): AskContext {
  const providers = new Providers(options)
  return (d, c) => (isRead(c) ? null : providers.facts(d))
}

/** What is kept of one policy: another one may mean something else by the same name. */
interface Kept {
  used: ReadonlyMap<string, Provider>
  cache: FactCache
}

class Providers {
  readonly #options: ProviderOptions
  readonly #files: FactFiles
  readonly #failures: Failures
  readonly #slots = new LookupSlots(SLOTS)
  readonly #kept = new WeakMap<Policy, Kept>()

  constructor(options: ProviderOptions) {
    this.#options = options
    this.#files = new FactFiles(options.dir)
    this.#failures = new Failures(() => options.clock.monotonic(), options.report)
  }

  facts(d: Descriptor): Promise<Facts> | null {
    const policy = this.#options.policy()
    if (policy.context.size === 0) return null
    const kept = this.#kept.get(policy) ?? {
      used: usedProviders(policy),
      cache: new FactCache(() => this.#options.clock.monotonic()),
    }
    this.#kept.set(policy, kept)
    return kept.used.size === 0 ? null : this.#all(kept, d)
  }

  async #all({ used, cache }: Kept, d: Descriptor): Promise<Facts> {
    const asked = [...used].map(async ([name, provider]) => {
      try {
        return [[name, await this.#ask(name, provider, cache, d)] as const]
      } catch (error) {
        this.#failures.add(name, error instanceof Error ? error.message : String(error))
        return []
      }
    })
    return Object.fromEntries((await Promise.all(asked)).flat())
  }

  /** Rejects where a fact is not known in time. */
  async #ask(name: string, provider: Provider, cache: FactCache, d: Descriptor): Promise<Facts> {
    const url = 'http' in provider ? addressOf(provider, d) : null
    const key = url && provider.cache ? `${name} ${url.href}` : null
    const known = key === null ? undefined : cache.get(key)
    if (known) return known
    const answer = await this.#inTime(provider.timeout ?? TIMEOUT_MS, (signal) =>
      this.#lookUp(provider, url, d, signal),
    )
    const facts = checkFacts(provider.gives, answer)
    if (key !== null) cache.put(key, facts, provider.cache ?? 0)
    return facts
  }

  /** Waiting for a free slot counts too. What never answers gives its slot back. */
  async #inTime<T>(ms: number, look: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const signal = AbortSignal.timeout(ms)
    const late = new Promise<never>((_, reject) => {
      const end = () => reject(new Error(`no answer within ${ms} ms`))
      signal.addEventListener('abort', end, { once: true })
    })
    const run = () => Promise.race([look(signal), late])
    return await Promise.race([this.#slots.run(signal, run), late])
  }

  async #lookUp(
    provider: Provider,
    url: URL | null,
    d: Descriptor,
    signal: AbortSignal,
  ): Promise<unknown> {
    if ('file' in provider) return await this.#files.ask(provider, d)
    const { code = {}, env, fetch: send = fetch } = this.#options
    if ('code' in provider) {
      const run = Object.hasOwn(code, provider.code) ? code[provider.code] : undefined
      if (!run) throw new Error(`the companion was started without a provider \`${provider.code}\``)
      return await run(d, signal)
    }
    if (!url) return undefined
    return await askHttp(url, tokenOf(provider, env), signal, send)
  }
}
