/** Milliseconds that each way took, by its name. */
export type Samples = Map<string, number[]>

/** Every way in turn, `count` times. */
export async function inTurns(
  ways: Record<string, () => Promise<number>>,
  count: number,
  samples: Samples | null,
): Promise<void> {
  for (let turn = 0; turn < count; turn++)
    for (const [name, way] of Object.entries(ways)) {
      const took = await way()
      if (samples) take(samples, name, took)
    }
}

function take(samples: Samples, name: string, ms: number): void {
  samples.set(name, [...(samples.get(name) ?? []), ms])
}

function at(samples: Samples, name: string, share: number): number {
  const sorted = (samples.get(name) ?? []).toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN
}

/** Prints one way; `goals` are the ratios to its peers that are aimed at, by their names. */
export function print(samples: Samples, name: string, goals: Record<string, string>): void {
  const [p50, p99] = [at(samples, name, 0.5), at(samples, name, 0.99)]
  const ratios = Object.entries(goals).map(
    ([peer, goal]) => `x${(p50 / at(samples, peer, 0.5)).toFixed(2)} of ${peer} (${goal})`,
  )
  const times = `p50 ${p50.toFixed(2).padStart(6)} ms  p99 ${p99.toFixed(2).padStart(6)} ms`
  console.log(`  ${name.padEnd(26)} ${times}  ${ratios.join('  ')}`)
}
