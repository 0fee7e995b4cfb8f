import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { PairCode } from '#shared/protocol/access.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { countdown } from '#shared/ui/time.ts'
import { now } from '../clock.ts'
import { Copy } from '../copy.tsx'
import type { Desk } from '../desk.ts'

/** Makes a code that pairs one browser, and shows it while it is valid. */
export function Pairing({ desk }: { desk: Desk }): JSX.Element {
  const [code, setCode] = useState<PairCode | null>(null)
  const [busy, setBusy] = useState(false)
  const left = code ? Date.parse(code.expiresAt) - now.value : 0
  const make = async () => {
    setBusy(true)
    const result = await desk.client.send('POST', 'v1/pair/code', {}, PairCode)
    setBusy(false)
    // The clock ticks once a second; without this the code would seem valid for longer than it is.
    now.value = Date.now()
    if (result.ok) setCode(result.value)
    else desk.trouble.value = `No code was made: ${result.error.message}`
  }
  return (
    <section class="panel" aria-labelledby="pair-title">
      <h2 class="panel-title" id="pair-title">
        Pair a browser
      </h2>
      {code && left > 0 ? (
        <>
          <p class="pair-code hp-digits" role="status">
            <span class="hp-sr">Code: {code.code}</span>
            <span aria-hidden="true">
              {code.code.slice(0, 3)} {code.code.slice(3)}
            </span>
          </p>
          <p class="hint">
            Type it into the extension’s pairing page, or open this address in that browser. Valid
            for <b class="hp-digits">{countdown(left)}</b>.
          </p>
          <Copy value={code.url} />
        </>
      ) : (
        <p class="hint">
          {code
            ? 'That code is no longer valid.'
            : 'Install the extension in the browser your agent uses, then make a code for it. It is valid for five minutes and five tries.'}
        </p>
      )}
      <button type="button" class="button" disabled={busy} onClick={() => void make()}>
        <Icon name="link" size={16} />
        {code ? 'New code' : 'Make a code'}
      </button>
    </section>
  )
}
