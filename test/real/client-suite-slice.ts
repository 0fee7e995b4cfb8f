/** What is run of the client's tests when nothing else is asked for: parts of paths below `tests`. */
export const slice: readonly string[] = [
  // hands
  ...['page/page-click.spec', 'page/page-keyboard', 'page/page-mouse', 'page/page-fill'],
  ...['page/page-check', 'page/page-select-option', 'page/page-drag', 'page/wheel'],
  ...['page/page-dispatchevent', 'page/elementhandle-click', 'page/locator-click'],
  ...['page/page-click-during-navigation', 'library/tap', 'library/hit-target'],
  ...['page/page-set-input-files', 'page/page-filechooser', 'page/page-dialog'],
  // documents, frames, windows
  ...['library/beforeunload', 'page/page-goto', 'page/page-history', 'page/page-navigation'],
  ...['page/frame-', 'page/page-event-popup', 'library/popup', 'library/page-close'],
  ...['library/browsercontext-page-event', 'library/chromium/oopif'],
  // scripts and workers
  ...['page/page-evaluate.spec', 'page/page-expose-function', 'page/page-add-init-script.spec'],
  ...['page/page-event-console', 'page/workers', 'library/chromium/session'],
  // network
  ...['page/page-route', 'page/page-request-', 'page/interception', 'page/page-event-request'],
  ...['page/page-set-extra-http-headers', 'library/web-socket', 'library/download.spec'],
  // cookies and pictures
  ...['library/browsercontext-cookies.spec', 'library/browsercontext-add-cookies'],
  ...['library/browsercontext-clearcookies', 'page/elementhandle-screenshot', 'library/pdf'],
]
