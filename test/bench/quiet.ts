import { cpus } from 'node:os'
import { setTimeout } from 'node:timers/promises'

/** Waits until the machine has been at least 70 % idle for 50 ms, or 10 s at most: a slice that runs
 * while another program compiles says nothing. */
export async function quiet(): Promise<void> {
  for (let look = 0; look < 200; look++) {
    const before = times()
    await setTimeout(50)
    const after = times()
    if (after.idle - before.idle >= 0.7 * (after.all - before.all)) return
  }
}

function times(): { idle: number; all: number } {
  let [idle, all] = [0, 0]
  for (const { times } of cpus()) {
    idle += times.idle
    all += times.idle + times.user + times.nice + times.sys + times.irq
  }
  return { idle, all }
}
