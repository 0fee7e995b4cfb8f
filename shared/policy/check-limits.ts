import type { Path, Report } from './check.ts'
import { checkOn } from './check-on.ts'
import type { PolicyFile } from './schema.ts'

/** The policy's limits: what they are about has to be possible. */
export function checkLimits({ limits }: PolicyFile, report: Report): void {
  limits.forEach(({ on, max, by }, index) => {
    const at = ['limits', index]
    checkOn(on, false, [...at, 'on'], report)
    for (const { max: most, window, text } of max) {
      if (most === 0)
        report.note([...at, 'max'], 'never-allows', `\`${text}\` holds everything of this kind`)
      if (window === 'run' && by === 'run')
        report.note(
          [...at, 'by'],
          'twice',
          `\`${text}\` counts each run apart even without \`by: run\``,
        )
    }
  })
}

/** Ceilings of which one can never be reached because another one is lower. */
export function checkCeilings({ ceilings }: PolicyFile, { note }: Report): void {
  const { run, hour, day } = ceilings
  const lower = (path: Path, inner: number | undefined, outer: number | undefined, by: string) => {
    if (inner !== undefined && outer !== undefined && inner > outer)
      note(
        ['ceilings', ...path],
        'never-reached',
        `${inner} is never reached, because the ceiling ${by} is ${outer}`,
      )
  }
  lower(['run'], run, hour, 'per hour')
  lower(['hour'], hour, day?.all, 'per day')
  if (hour === undefined) lower(['run'], run, day?.all, 'per day')
  for (const kind of ['capability', 'category'] as const)
    for (const [word, max] of Object.entries(day?.[kind] ?? {}))
      lower(['day', kind, word], max, day?.all, 'per day')
}
