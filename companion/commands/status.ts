import { Command } from 'commander'
import colors from 'picocolors'
import { Status } from '#shared/protocol/api.ts'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { client } from './client.ts'
import { plain } from './holds.ts'

/** `holdpoint status`: how things stand. */
export function statusCommand(): Command {
  return new Command('status')
    .description('show mode, browsers, audit chain and what happened in the last 24 hours')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 4 no companion is running\n\nExamples:\n  $ holdpoint status\n  $ holdpoint status --json',
    )
    .action(
      action(async (flags: CommonFlags) => {
        const { call, url } = client(flags)
        const status = await call('GET', '/v1/status', Status)
        print(flags, { url, ...status }, () => linesOf(url, status))
      }),
    )
}

function linesOf(url: string, status: Status): string[] {
  const { chain, breaker, day, browsers, reviews, runs } = status
  const bad = (text: string) => colors.red(text)
  const paired = browsers.map(({ name, connected }) => `${name}${connected ? '' : ' (away)'}`)
  return [
    `companion  ${url}, version ${status.version}, since ${status.startedAt}`,
    `mode       ${status.mode}`,
    `policy     ${status.policyOk ? status.policyVersion.slice(0, 12) : bad('the file has mistakes; the last good policy is in force')}`,
    `waiting    ${status.pending}`,
    `runs       ${runs.live} live${runs.paused > 0 ? `, ${runs.paused} paused` : ''}`,
    `browsers   ${paired.join(', ') || 'none is paired; run `holdpoint pair`'}`,
    `log        ${chain.ok ? `${chain.entries} entries, whole` : bad(chain.problem ?? 'broken')}`,
    ...(breaker.open
      ? breaker.scopes.map(
          ({ scope, reason, since }) =>
            `breaker    ${bad(`${plain(scope)} is open since ${since}: ${plain(reason)}`)}`,
        )
      : ['breaker    closed']),
    ...reviews.map(({ says }) => `review     ${bad(plain(says))}`),
    `last 24 h  ${Object.entries(day)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ')}`,
  ]
}
