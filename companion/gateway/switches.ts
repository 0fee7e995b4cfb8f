/** Switches of a supervised browser, and which of a client's own it keeps. */

export interface OwnSwitches {
  profile: string
  headless: boolean
  /** The companion's forward proxy: its port, and the hash of the key its certificates are made with
   * (`--ignore-certificate-errors-spki-list`: base64 of SHA-256 over the public key). */
  proxy?: { port: number; spki: string } | undefined
  /** What a client asked for, as on a command line; see `clientSwitches`. */
  client?: readonly string[]
}

/** Ways past the proxy and past the companion's sessions, and traffic that is the browser's own:
 * nobody could be asked about it. ServiceWorkerAutoPreload sends a navigation's request before any
 * session sees it. */
const NO_FEATURES = [
  'ServiceWorkerAutoPreload',
  'Prerender2',
  'SpeculationRulesPrefetchFuture',
  'LoadingPredictorPrefetch',
  'NavigationPredictor',
  'OptimizationHints',
  'OptimizationGuideModelDownloading',
  'OptimizationTargetPrediction',
  'SegmentationPlatform',
  'AutofillServerCommunication',
  'CertificateTransparencyComponentUpdater',
  'DialMediaRouteProvider',
  'MediaRouter',
  'InterestFeedContentSuggestions',
  'Translate',
]

/** Every switch of a supervised browser, ours last: Chromium takes the last of two. */
export function browserSwitches(options: OwnSwitches): string[] {
  const { kept, off, on } = sorted(options.client ?? [])
  const { proxy } = options
  return [
    ...kept,
    `--user-data-dir=${options.profile}`,
    '--remote-debugging-pipe',
    '--no-startup-window',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-domain-reliability',
    '--disable-client-side-phishing-detection',
    '--disable-default-apps',
    '--disable-search-engine-choice-screen',
    '--no-pings',
    '--no-service-autorun',
    '--metrics-recording-only',
    '--password-store=basic',
    '--use-mock-keychain',
    '--hide-crash-restore-bubble',
    '--disable-quic',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
    `--disable-features=${[...new Set([...NO_FEATURES, ...off])].join(',')}`,
    ...(on.length > 0 ? [`--enable-features=${on.join(',')}`] : []),
    ...(options.headless ? ['--headless=new'] : []),
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...(proxy
      ? [
          `--proxy-server=http://127.0.0.1:${proxy.port}`,
          '--proxy-bypass-list=<-loopback>',
          `--ignore-certificate-errors-spki-list=${proxy.spki}`,
        ]
      : []),
  ]
}

/** Switches that automation passes and that change nothing about what is supervised: those that
 * Playwright, Puppeteer, chromedriver and the MCP servers start a browser with, and those that people
 * commonly add (window, language, rendering, sound). */
const KEPT = new Set([
  'accept-lang',
  'allow-pre-commit-input',
  'disable-accelerated-compositing',
  'disable-accelerated-2d-canvas',
  'disable-back-forward-cache',
  'disable-background-networking',
  'disable-background-timer-throttling',
  'disable-backgrounding-occluded-windows',
  'disable-breakpad',
  'disable-client-side-phishing-detection',
  'disable-component-extensions-with-background-pages',
  'disable-component-update',
  'disable-crash-reporter',
  'disable-default-apps',
  'disable-dev-shm-usage',
  'disable-edgeupdater',
  'disable-field-trial-config',
  'disable-fre',
  'disable-gpu',
  'disable-hang-monitor',
  'disable-infobars',
  'disable-ipc-flooding-protection',
  'disable-notifications',
  'disable-popup-blocking',
  'disable-prompt-on-repost',
  'disable-renderer-backgrounding',
  'disable-search-engine-choice-screen',
  'disable-smooth-scrolling',
  'disable-software-rasterizer',
  'disable-stack-profiler',
  'disable-sync',
  'disable-updater-scheduler',
  'do-not-de-elevate',
  'edge-skip-compat-layer-relaunch',
  'enable-automation',
  'enable-unsafe-swiftshader',
  'enable-use-zoom-for-dsf',
  'export-tagged-pdf',
  'font-render-hinting',
  'force-color-profile',
  'force-device-scale-factor',
  'generate-pdf-document-outline',
  'hide-scrollbars',
  'lang',
  'metrics-recording-only',
  'mute-audio',
  'no-default-browser-check',
  'no-first-run',
  'no-service-autorun',
  'no-tab-group',
  'password-store',
  'start-fullscreen',
  'start-maximized',
  'test-type',
  'unsafely-disable-devtools-self-xss-warnings',
  'use-angle',
  'use-fake-device-for-media-stream',
  'use-gl',
  'use-mock-keychain',
  'user-agent',
  'window-position',
  'window-size',
])

/** What the gateway does itself, in its own way: a client's wish for it is met, or has no meaning. */
const OURS = new Set([
  'disable-extensions',
  'disable-quic',
  'disable-setuid-sandbox',
  'enable-logging',
  'enable-unsafe-extension-debugging',
  'headless',
  'log-level',
  'no-sandbox',
  'no-startup-window',
  'remote-debugging-pipe',
  'remote-debugging-port',
  'remote-debugging-address',
  'user-data-dir',
])

/** Values of `--blink-settings` that the clients pass; others could switch scripts or checks off. */
const BLINK_SETTING = /^(?:(?:primary|available)(?:Pointer|Hover)Types?=\d+)$/

/** Features that clients switch, and that have no part in supervision. Any other could have. */
const FEATURES = new Set([
  'AcceptCHFrame',
  'AimEnabled',
  'AudioServiceOutOfProcess',
  'AutoDeElevate',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'BoundaryEventDispatchTracksNodeRemoval',
  'CDPScreenshotNewSurface',
  'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider',
  'GlobalMediaControls',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'IgnoreDuplicateNavs',
  'ImprovedCookieControls',
  'InterestFeedContentSuggestions',
  'IsolateSandboxedIframes',
  'LazyFrameLoading',
  'LensOverlay',
  'MediaRouter',
  'msAutofillEdgeCoupons',
  'msEdgeUpdateLaunchServicesPreferredVersion',
  'msForceBrowserSignIn',
  'msShoppingTrigger',
  'NetworkServiceInProcess2',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PdfOopif',
  'PreconnectToSearch',
  'Prewarm',
  'ProcessPerSiteUpToMainFrameThreshold',
  'RenderDocument',
  'SkipListAccountsWithoutGaiaCookies',
  'TcpPortRandomizationWin',
  'ThirdPartyStoragePartitioning',
  'Translate',
  'WebUIReloadButton',
])

export interface ClientSwitches {
  /** Fit for `browserSwitches`. */
  switches: string[]
  /** Left out, because it could undo supervision or is not known. Without those the gateway sees to
   * itself. */
  dropped: string[]
  /** Pages to open. */
  urls: string[]
}

/** Sorts a browser's command line. What is not known to be harmless is dropped: one unknown switch
 * (`--host-resolver-rules`, `--load-extension`, another `--proxy-server`) would be a way out. */
export function clientSwitches(argv: readonly string[]): ClientSwitches {
  const sorting: ClientSwitches = { switches: [], dropped: [], urls: [] }
  let onlyUrls = false
  for (const argument of argv) {
    if (argument === '--') onlyUrls = true
    else if (onlyUrls || !argument.startsWith('-')) sorting.urls.push(argument)
    else sort(argument, sorting)
  }
  return sorting
}

function sort(argument: string, { switches, dropped }: ClientSwitches): void {
  const { name, value } = parts(argument)
  if (name === 'disable-features' || name === 'enable-features') {
    const { known, unknown } = knownFeatures(value)
    if (known.length > 0) switches.push(`--${name}=${known.join(',')}`)
    if (unknown.length > 0) dropped.push(`--${name}=${unknown.join(',')}`)
  } else if (name === 'blink-settings') {
    const fine = value.split(',').every((setting) => BLINK_SETTING.test(setting))
    ;(fine ? switches : dropped).push(argument)
  } else if (name === 'disable-blink-features') {
    // What pages tell automation by; the MCP server of Playwright passes it. Others are checks.
    ;(value === 'AutomationControlled' ? switches : dropped).push(argument)
  } else if (KEPT.has(name)) switches.push(argument)
  else if (!OURS.has(name)) dropped.push(argument)
}

function knownFeatures(value: string): { known: string[]; unknown: string[] } {
  const names = value.split(',').filter((name) => name !== '')
  return {
    known: names.filter((name) => FEATURES.has(name)),
    unknown: names.filter((name) => !FEATURES.has(name)),
  }
}

function parts(argument: string): { name: string; value: string } {
  const [, name = '', value = ''] = /^--?([^=]*)=?([\s\S]*)$/.exec(argument) ?? []
  return { name: name.toLowerCase(), value }
}

/** Takes the lists of features out: Chromium knows one of each, and reads only the last. */
function sorted(client: readonly string[]): { kept: string[]; off: string[]; on: string[] } {
  const kept: string[] = []
  const off: string[] = []
  const on: string[] = []
  for (const argument of client) {
    const { name, value } = parts(argument)
    if (name === 'disable-features') off.push(...value.split(','))
    else if (name === 'enable-features') on.push(...value.split(','))
    else kept.push(argument)
  }
  return { kept, off, on }
}
