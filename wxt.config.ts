import { defineConfig } from 'wxt'
import { EXTENSION_KEY, FIREFOX_ID } from './shared/protocol/extension-id.ts'

/** `store` asks for no `debugger` permission. `supervised` has it, to see whether automation is
 * attached to a tab, and is what the companion loads into the browser it launches. */
const build = process.env.HOLDPOINT_BUILD ?? 'store'
if (build !== 'store' && build !== 'supervised')
  throw new Error(`HOLDPOINT_BUILD is \`${build}\`, expected \`store\` or \`supervised\``)
const supervised = build === 'supervised'

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  'connect-src http://127.0.0.1:* http://localhost:* ws://127.0.0.1:* ws://localhost:* https: wss:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

export default defineConfig({
  srcDir: 'extension',
  publicDir: 'extension/public',
  outDir: '.output',
  outDirTemplate: `{{browser}}-mv{{manifestVersion}}{{modeSuffix}}${supervised ? '-supervised' : ''}`,
  manifestVersion: 3,
  imports: false,
  hooks: {
    // The polyfill goes where one copy serves the whole browser. In every frame of every page its
    // 3 kB would buy nothing: the gate needs `runtime.connect` and `getURL`, alike everywhere.
    'vite:build:extendConfig': (entrypoints, config) => {
      if (entrypoints.some(({ type }) => type === 'content-script')) return
      config.resolve = {
        ...config.resolve,
        alias: { 'wxt/browser': '@wxt-dev/webextension-polyfill/browser' },
      }
    },
  },
  vite: () => ({
    define: { __SUPERVISED__: JSON.stringify(supervised) },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: { sourcemap: false, modulePreload: false },
  }),
  manifest: ({ browser }) => {
    const firefox = browser === 'firefox'
    return {
      name: 'Holdpoint',
      description: 'Holds an agent’s consequential clicks until a rule or a person has said yes.',
      permissions: [
        'storage',
        'alarms',
        'scripting',
        'webRequest',
        ...(supervised && !firefox ? ['debugger' as const] : []),
      ],
      host_permissions: ['<all_urls>'],
      content_security_policy: { extension_pages: pagePolicy },
      // A `spanning` worker cannot show its prompt inside a private tab of Chromium.
      incognito: firefox ? 'spanning' : 'split',
      // The path is fixed and public on purpose: with `use_dynamic_url` the frame fails to load on
      // pages with `require-corp`. The page does nothing without a nonce that the worker knows.
      web_accessible_resources: [{ resources: ['prompt.html'], matches: ['<all_urls>'] }],
      ...(firefox
        ? {
            browser_specific_settings: {
              gecko: {
                id: FIREFOX_ID,
                strict_min_version: '140.0',
                data_collection_permissions: { required: ['none'] },
              },
            },
          }
        : { key: EXTENSION_KEY, minimum_chrome_version: '135' }),
    }
  },
})
