/** Most remembered kinds of requests; the oldest go first. */
const MOST = 2000

/** What pages do by themselves: kinds of requests that were seen while no agent had touched anything.
 * Such a request is no click's doing only because it falls beside one. */
export class Background {
  readonly #seen = new Set<string>()

  learn(signature: string): void {
    this.#seen.delete(signature)
    this.#seen.add(signature)
    if (this.#seen.size > MOST)
      for (const oldest of this.#seen) return void this.#seen.delete(oldest)
  }

  knows(signature: string): boolean {
    return this.#seen.has(signature)
  }
}

/** A kind of request: method, origin and path, and the operation where one endpoint has many. */
export function signatureOf(method: string, url: string, operation: string | undefined): string {
  const bare = url.replace(/[?#].*$/, '')
  return `${method} ${bare}${operation === undefined ? '' : ` ${operation}`}`
}
