import '#extension/zod-config.ts'
import '#shared/ui/tokens.css'
import '#shared/ui/hold-card.css'
import './prompt.css'
import { render } from 'preact'
import { browser } from '#extension/browser.ts'
import { joinWorker } from './join-worker.ts'
import { PromptPage } from './prompt-page.tsx'

// A page can load this document, but without the nonce of an open prompt it stays empty for ever.
const nonce = location.hash.slice(1)
const app = document.getElementById('app')
if (app && /^[0-9a-f]{32}$/.test(nonce)) {
  const worker = joinWorker(nonce, () => browser.runtime.connect({ name: 'prompt' }))
  render(<PromptPage worker={worker} />, app)
}
