/** Runs `work` to its end; what fails is logged, and whatever waited on it stays held. `what` completes
 * "could not …". */
export function soon(work: Promise<unknown> | undefined, what: string): void {
  work?.catch((error: unknown) => console.warn(`holdpoint: could not ${what}`, error))
}
