import type { ComponentChildren, JSX } from 'preact'
import { Icon, type IconName } from '#shared/ui/icon.tsx'
import { visible } from '#shared/ui/visible.ts'
import type { Desk } from '../desk.ts'
import { linkTo, route } from '../route.ts'
import { scopeSays } from '../scope-words.ts'
import { ReviewBanner } from './review.tsx'

/** What a person has to know wherever they are, most serious first. */
export function Banners({ desk }: { desk: Desk }): JSX.Element {
  const { status, policy, trouble } = desk
  const breaker = status.value?.breaker
  return (
    <div class="banners">
      {desk.connection.value === 'lost' && (
        <Banner tone="danger" icon="link" alert>
          <span>
            <b>Cannot reach the companion. Everything stays held.</b> This page tries again by
            itself.
          </span>
          <button type="button" class="button" onClick={desk.retry}>
            Retry now
          </button>
        </Banner>
      )}
      {breaker?.open && (
        <Banner tone="danger" icon="shield">
          <span>
            <b>{broken(breaker.scopes)}</b> {visible(breaker.reason ?? '', { limit: 200 })}
          </span>
          <a class="button" href={linkTo('status')}>
            Look at it
          </a>
        </Banner>
      )}
      {(policy.value?.problems.length ?? 0) > 0 && (
        <Banner tone="warn" icon="alert">
          <span>
            <b>The policy file has problems.</b> The last good policy is still in force.
          </span>
          <a class="button" href={linkTo('policy')}>
            Show
          </a>
        </Banner>
      )}
      {route.value.view !== 'policy' && <ReviewBanner status={status.value} />}
      {trouble.value && (
        <Banner tone="warn" icon="alert" alert>
          <span>{trouble.value}</span>
          <button
            type="button"
            class="button"
            onClick={() => {
              trouble.value = null
            }}
          >
            Dismiss
          </button>
        </Banner>
      )}
    </div>
  )
}

export function Banner(props: {
  tone: 'danger' | 'warn'
  icon: IconName
  alert?: boolean
  children: ComponentChildren
}): JSX.Element {
  return (
    <div class={`banner ${props.tone}`} {...(props.alert ? { role: 'alert' } : {})}>
      <Icon name={props.icon} />
      {props.children}
    </div>
  )
}

function broken(scopes: readonly { scope: string }[]): string {
  const [first] = scopes
  if (!first || scopes.some(({ scope }) => scope === 'policy'))
    return 'The breaker is open: everything is held until you close it.'
  const more = scopes.length - 1
  const what = scopeSays(first.scope)
  return `A breaker is open: ${what.charAt(0).toLowerCase()}${what.slice(1)} is held until you close it${more > 0 ? `, and ${more} more` : ''}.`
}
