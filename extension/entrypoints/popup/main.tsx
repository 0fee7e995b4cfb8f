import '#shared/ui/tokens.css'
import '../page.css'
import { signal } from '@preact/signals'
import { render } from 'preact'
import { browser } from '#extension/browser.ts'
import type { PopupView } from '#extension/messages.ts'
import { PopupPage } from './popup-page.tsx'

const status = signal<PopupView | null>(null)
const worker = browser.runtime.connect({ name: 'popup' })
worker.onMessage.addListener((view: PopupView) => {
  status.value = view
})
const app = document.getElementById('app')
if (app)
  render(
    <PopupPage
      status={status}
      onRetry={() => worker.postMessage({ type: 'retry' })}
      onDashboard={() => worker.postMessage({ type: 'dashboard' })}
      onPair={() => window.open(browser.runtime.getURL('/pair.html'))}
    />,
    app,
  )
