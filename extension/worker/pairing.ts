import * as z from 'zod/mini'
import { Paired } from '#shared/protocol/api.ts'
import { browser } from '../browser.ts'

/** The companion this browser is paired with. `companion` is its origin, `link` the WebSocket address. */
const Pairing = z.extend(Paired, { companion: z.url() })
export type Pairing = z.infer<typeof Pairing>

const KEY = 'pairing'

/** Null while there is none, or what is stored is not one. */
export async function readPairing(): Promise<Pairing | null> {
  const stored = await browser.storage.local.get(KEY)
  const parsed = Pairing.safeParse(stored[KEY])
  return parsed.success ? parsed.data : null
}

export async function writePairing(pairing: Pairing): Promise<void> {
  await browser.storage.local.set({ [KEY]: pairing })
}

/** Calls `changed` whenever another page of the extension pairs anew. */
export function onPairing(changed: () => void): void {
  browser.storage.local.onChanged.addListener((changes) => {
    if (KEY in changes) changed()
  })
}
