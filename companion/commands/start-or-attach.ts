import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PairCode } from '#shared/protocol/access.ts'
import { PolicyView, Status } from '#shared/protocol/api.ts'
import { packageRoot } from '../server/package-root.ts'
import { ANSWER_MS, isGone, runningCompanion } from './attach.ts'
import type { Client } from './client.ts'
import { Failure } from './failure.ts'
import { homeOf } from './home.ts'
import {
  type Started,
  type StartedPart,
  type StartFlags,
  type StartPart,
  startAll,
} from './start.ts'

/** Starts the companion and its parts; where one runs on the home folder already, adds the parts to that
 * one. Of several that start at the same time, one starts it and the others wait for that. */
export async function startOrAttach(
  flags: StartFlags,
  parts: readonly StartPart[],
): Promise<Started> {
  const until = Date.now() + ANSWER_MS
  for (;;) {
    try {
      return await startAll(flags, parts)
    } catch (error) {
      const taken = error instanceof Failure && error.code === 'already_running'
      if (!taken || Date.now() > until) throw error
    }
    const companion = await runningCompanion(homeOf(flags.home))
    try {
      if (companion) return await attach(companion, flags, parts)
    } catch (error) {
      if (!isGone(error)) throw error // else it has ended since it answered
    }
    await pause(200)
  }
}

async function attach(
  companion: Client,
  flags: StartFlags,
  parts: readonly StartPart[],
): Promise<Started> {
  await sameRules(companion, flags)
  const { url, token, home } = companion
  const started: StartedPart[] = []
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop?.()
  }
  try {
    for (const part of parts) {
      const done = await part.afterAttached?.(companion, flags)
      if (done) started.push(done)
    }
  } catch (error) {
    await stop()
    throw error
  }
  return {
    companion: {
      ...{ url, token, home, version: packageRoot().version },
      dashboardUrl: `${url}/#token=${token}`,
      pair: () => companion.call('POST', '/v1/pair/code', PairCode),
    },
    parts: [...started],
    leave: stop,
    stop,
  }
}

/** What was asked for must be in force: an agent under other rules than its person has named is not held
 * as they think it is. */
async function sameRules({ call, home }: Client, { policy, mode }: StartFlags): Promise<void> {
  const other = (flag: string, asked: string, has: string) =>
    new Failure(
      'portBusy',
      'already_running',
      `a companion is running on \`${home}\` already, with ${flag} \`${has}\` instead of \`${asked}\`; leave the flag out to use that one, stop it, or choose another folder with --home`,
    )
  if (mode !== undefined) {
    const status = await call('GET', '/v1/status', Status)
    if (status.mode !== mode) throw other('--mode', mode, status.mode)
  }
  if (policy !== undefined) {
    const { file } = await call('GET', '/v1/policy', PolicyView)
    if (resolve(policy) !== file) throw other('--policy', resolve(policy), file)
  }
}
