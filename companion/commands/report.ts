/** Says on standard error what nobody can be answered with. */
export function reportOnStderr(error: unknown): void {
  process.stderr.write(
    `holdpoint: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`,
  )
}
