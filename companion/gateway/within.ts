/** The promise's value, or undefined where it takes longer than `ms` or fails: for what is asked of a
 * page only to show or to tell more, and must never keep anybody waiting. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([promise, late])
  } catch {
    // The page has gone, or does not answer this: the caller goes on without.
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
