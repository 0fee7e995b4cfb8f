import { describe, expect, it } from 'vitest'
import { browserSwitches, clientSwitches } from '#companion/gateway/switches.ts'

const plain = { profile: '/tmp/profile', headless: true }

/** Command lines as the clients wrote them (playwright 1.65, puppeteer 24.43, chromedriver 156). */
const lines = {
  playwright:
    '--disable-field-trial-config --disable-back-forward-cache --disable-extensions --disable-features=HttpsUpgrades,MediaRouter,msForceBrowserSignIn --enable-features=CDPScreenshotNewSurface --force-color-profile=srgb --enable-unsafe-swiftshader --headless --blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4 --no-sandbox --user-data-dir=/tmp/x --remote-debugging-pipe --no-startup-window',
  puppeteer:
    '--allow-pre-commit-input --export-tagged-pdf --disable-features=Translate,IsolateSandboxedIframes --enable-features=PdfOopif --headless=new --disable-extensions about:blank --remote-debugging-port=0 --user-data-dir=/tmp/x',
  chromedriver:
    '--disable-features=IgnoreDuplicateNavs,Prewarm --enable-automation --enable-logging --log-level=0 --remote-debugging-port=0 --test-type=webdriver --user-data-dir=/tmp/x data:,',
}

describe('clientSwitches', () => {
  it.each(Object.entries(lines))('keeps what %s starts a browser with', (_client, line) => {
    expect(clientSwitches(line.split(' ')).dropped).toEqual([])
  })

  it('drops what could undo supervision, and what nobody knows', () => {
    const bad = [
      '--load-extension=/tmp/e',
      '--disable-extensions-except=/tmp/e',
      '--proxy-server=http://evil:1',
      '--proxy-bypass-list=*',
      '--no-proxy-server',
      '--proxy-pac-url=http://evil/',
      '--host-resolver-rules=MAP * 127.0.0.1',
      '--host-rules=MAP * evil',
      '--ignore-certificate-errors',
      '--ignore-certificate-errors-spki-list=x',
      '--disable-web-security',
      '--allow-file-access-from-files',
      '--remote-allow-origins=*',
      '--custom-devtools-frontend=http://evil/',
      '--js-flags=--expose-gc',
      '--renderer-cmd-prefix=sh',
      '--utility-cmd-prefix=sh',
      '--gpu-launcher=sh',
      '--disable-features=IsolateOrigins',
      '--enable-features=ServiceWorkerAutoPreload,PdfOopif',
      '--blink-settings=scriptEnabled=false',
      '--disable-blink-features=ContentSecurityPolicy',
      '--enable-quic',
      '--origin-to-force-quic-on=*',
      '--webrtc-ip-handling-policy=default',
      '--incognito',
      '-anything',
      '--',
      '--after-the-end',
    ]
    const { switches, dropped, urls } = clientSwitches(bad)
    expect(switches).toEqual(['--enable-features=PdfOopif'])
    expect(urls).toEqual(['--after-the-end'])
    expect(dropped).toHaveLength(bad.length - 2)
  })

  it('leaves to the gateway what the gateway does itself, without a word', () => {
    const ours = [
      '--remote-debugging-port=9222',
      '--remote-debugging-address=0.0.0.0',
      '--no-sandbox',
    ]
    expect(clientSwitches(ours)).toEqual({ switches: [], dropped: [], urls: [] })
  })

  it('tells pages from switches', () => {
    expect(clientSwitches(['--mute-audio', 'http://a.test/', 'data:,']).urls).toEqual([
      'http://a.test/',
      'data:,',
    ])
  })
})

describe('browserSwitches', () => {
  it('opens no port, and puts its own last', () => {
    const { switches } = clientSwitches(['--webrtc-ip-handling-policy=x', '--user-agent=me'])
    const all = browserSwitches({ ...plain, client: [...switches, '--user-data-dir=/elsewhere'] })
    expect(all).toContain('--remote-debugging-pipe')
    expect(all.filter((one) => one.startsWith('--remote-debugging-'))).toHaveLength(1)
    expect(all.lastIndexOf('--user-data-dir=/tmp/profile')).toBeGreaterThan(
      all.indexOf('--user-data-dir=/elsewhere'),
    )
    expect(all).toContain('--user-agent=me')
  })

  it('names every list of features once, with its own in it', () => {
    const client = ['--disable-features=Translate,PaintHolding', '--enable-features=PdfOopif']
    const all = browserSwitches({ ...plain, client })
    const off = all.filter((one) => one.startsWith('--disable-features='))
    expect(off).toHaveLength(1)
    expect(off[0]).toMatch(/ServiceWorkerAutoPreload.*PaintHolding/)
    expect(all.filter((one) => one.startsWith('--enable-features='))).toEqual([
      '--enable-features=PdfOopif',
    ])
  })

  it('sends everything through the proxy, this machine included, and trusts its key alone', () => {
    const all = browserSwitches({ ...plain, proxy: { port: 4801, spki: 'abc=' } })
    expect(all).toContain('--proxy-server=http://127.0.0.1:4801')
    expect(all).toContain('--proxy-bypass-list=<-loopback>')
    expect(all).toContain('--ignore-certificate-errors-spki-list=abc=')
    expect(all).toContain('--disable-quic')
  })
})
