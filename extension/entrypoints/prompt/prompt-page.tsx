import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { PromptView, PromptWish } from '#extension/messages.ts'
import { HoldCard } from '#shared/ui/hold-card.tsx'
import type { WorkerSide } from './join-worker.ts'
import { LostCard } from './lost-card.tsx'
import { canSeeCovers, useArmed } from './use-armed.ts'

const CARD = '.hp-prompt'

/** The page inside the prompt's frame. */
export function PromptPage({ worker }: { worker: WorkerSide }): JSX.Element | null {
  const view = worker.view.value
  const wish = (wish: PromptWish) => worker.send({ type: 'wish', wish })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && event.isTrusted) wish({ does: 'minimise' })
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  useReportedHeight((height) => wish({ does: 'size', height }))
  if (!view) return null
  return (
    <main class="hp-prompt">
      {view.state === 'held' && view.hold ? (
        <Held view={view} worker={worker} />
      ) : (
        <LostCard
          state={view.state}
          onRetry={() => worker.send({ type: 'retry' })}
          onDiscard={() => wish({ does: 'discard' })}
        />
      )}
      <p class="hp-prompt-foot">
        Held by Holdpoint. <kbd>Esc</kbd> puts this aside; the action stays held.
      </p>
    </main>
  )
}

function Held({ view, worker }: { view: PromptView; worker: WorkerSide }): JSX.Element | null {
  const { hold, problem } = view
  const [busy, setBusy] = useState<'approve' | 'deny' | null>(null)
  const now = useNow()
  const whyNot = canSeeCovers()
    ? view.whyNot
    : 'This browser cannot tell whether something covers the prompt.'
  const armed = useArmed({
    selector: CARD,
    content: `${hold?.id} ${view.whyNot} ${problem}`,
    onCovered: () => worker.send({ type: 'wish', wish: { does: 'reassert' } }),
  })
  // One of several approvals leaves the hold waiting for the next.
  useEffect(() => setBusy(null), [hold?.id, hold?.approvals?.length, problem])
  if (!hold) return null
  const answer = (verdict: 'approve' | 'deny', reason?: string) => {
    setBusy(verdict)
    worker.send({ type: 'verdict', verdict, ...(reason ? { reason } : {}) })
  }
  return (
    <>
      <HoldCard
        hold={hold}
        surface="overlay"
        now={now}
        armed={armed}
        mayApprove={whyNot === null}
        {...(whyNot === null ? {} : { whyNot })}
        {...(busy ? { busy } : {})}
        onApprove={() => answer('approve')}
        onDeny={(reason) => answer('deny', reason)}
        {...(view.hasDashboard
          ? { onOpenDashboard: () => worker.send({ type: 'dashboard' }) }
          : {})}
      />
      {problem && (
        <p class="hp-prompt-problem" role="alert">
          {problem}
        </p>
      )}
    </>
  )
}

/** The time, in ms since the epoch, once a second: the card counts down to the hold's end. */
function useNow(): number {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}

function useReportedHeight(report: (height: number) => void): void {
  useEffect(() => {
    const observer = new ResizeObserver(() => report(naturalHeight()))
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [])
}

/** The height at which nothing would have to scroll, in CSS px. */
function naturalHeight(): number {
  const body = document.querySelector('.hp-body')
  const hidden = body ? body.scrollHeight - body.clientHeight : 0
  return document.body.scrollHeight + hidden
}
