import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { App } from './app.tsx'
import { client } from './client.ts'
import { type Desk, openDesk } from './desk.ts'
import { Locked } from './locked.tsx'
import { dropToken, keepToken } from './session.ts'

/** The dashboard for a token the companion accepts, else the page that says how to get one. */
export function Root({ token: given }: { token: string | null }): JSX.Element | null {
  const [token, setToken] = useState(given)
  const [desk, setDesk] = useState<Desk | null>(null)
  useEffect(() => {
    if (token === null) return
    const until = new AbortController()
    setDesk(openDesk(client(token), until.signal))
    return () => {
      until.abort()
      setDesk(null)
    }
  }, [token])
  const enter = (next: string) => {
    keepToken(next)
    setToken(next)
  }
  if (token === null) return <Locked onToken={enter} />
  if (desk === null) return null
  if (desk.refused.value)
    return (
      <Locked
        refused
        onToken={(next) => {
          dropToken()
          // The same token again is another try: the companion may have been restarted.
          if (next === token) location.reload()
          enter(next)
        }}
      />
    )
  return <App desk={desk} />
}
