import { defineContentScript } from 'wxt/utils/define-content-script'
import { browser } from '#extension/browser.ts'
import { startGate } from '#extension/gate/gate.ts'

export default defineContentScript({
  matches: ['<all_urls>'],
  runAt: 'document_start',
  allFrames: true,
  matchAboutBlank: true,
  matchOriginAsFallback: true,
  // Otherwise WXT tells the page our id and lets it switch the script off.
  noScriptStartedPostMessage: true,
  main() {
    startGate({
      connect: () => browser.runtime.connect({ name: 'frame' }),
      promptUrl: (nonce) => browser.runtime.getURL(`/prompt.html#${nonce}`),
    })
  },
})
