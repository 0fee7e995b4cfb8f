/** Exit codes of every command. Scripts rely on them. */
export const exits = {
  failedCheck: 1,
  usage: 2,
  noBrowser: 3,
  setUp: 4,
  portBusy: 5,
  notPaired: 6,
  denied: 7,
  timedOut: 8,
} as const

/** What a command tells the person and the shell when it cannot do what it was asked. */
export class Failure extends Error {
  readonly exit: number
  readonly code: string

  constructor(exit: keyof typeof exits, code: string, message: string) {
    super(message)
    this.exit = exits[exit]
    this.code = code
  }
}
