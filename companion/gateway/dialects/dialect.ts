import type { ClientFamily, Command } from '../agent.ts'
import type { Refusal } from '../refusal.ts'

/** How one family of clients is told that something was not executed, so that the text reaches whoever
 * called the client. One for each connection. */
export interface Dialect {
  /** Settles a command that is not executed, in the form that this client's users can read. To be
   * called for every part of a refused gesture, with the same refusal: its press, and its release. */
  refuse(command: Command, refusal: Refusal): void
  /** Sees every command of the connection before it is forwarded or held, so also the answer to a
   * dialog that only the dialect knows of; true where it was settled here. */
  intercept(command: Command): boolean
  /** Whether a command shows that the client no longer waits for the input that it has in flight in
   * the page of that command: it has told its user that the action failed, so nothing of it may happen
   * any more. To be asked after `intercept`, while an input is held. */
  gaveUp(command: Command): boolean
  /** The client as its commands show it. An MCP server calls itself by the name of the library that it
   * is built on, and gives its actions far less time. */
  client(): ClientFamily
}
