import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

/** What a folder may import values from, besides itself; the longest matching prefix applies. Types may
 * come from anywhere. */
const allowed: Record<string, readonly string[]> = {
  'shared/protocol': ['zod/mini'],
  'shared/page': [],
  'shared/classify': ['shared/protocol'],
  'shared/policy': ['shared/protocol', 'yaml', '@bufbuild/cel', 'zod'],
  'shared/ui': ['preact', '@preact/signals', 'shared/protocol'],
  'extension/gate': ['shared/page', 'shared/classify', 'extension/messages.ts'],
  'extension/hold': ['extension/gate', 'shared/page', 'shared/protocol/binding.ts'],
  'extension/worker': [
    'shared/protocol',
    'extension/browser.ts',
    'extension/messages.ts',
    'zod/mini',
  ],
  'extension/entrypoints': [
    'extension',
    'shared/ui',
    'shared/protocol',
    'preact',
    '@preact/signals',
    'wxt',
    'zod/mini',
  ],
  'extension/browser.ts': ['wxt/browser', 'webextension-polyfill'],
  'extension/zod-config.ts': ['zod/mini'],
  'extension/messages.ts': ['shared/protocol', 'zod/mini'],
  'companion/core': ['shared/protocol', 'shared/classify', 'shared/policy', 'node:crypto'],
  'companion/context': ['companion/core/ports.ts', 'shared/policy', 'node:'],
  'companion/undo': [
    'companion/browser',
    'companion/core',
    // Starts a browser that only this process can debug, and speaks to it.
    'companion/gateway/cdp.ts',
    'companion/gateway/key-codes.ts',
    'companion/gateway/launch.ts',
    'companion/gateway/pipe.ts',
    'companion/gateway/within.ts',
    'shared/policy',
    'shared/protocol',
    'node:',
    'zod',
  ],
  'companion/store': [
    'companion/core/ports.ts',
    'shared/protocol',
    'better-sqlite3',
    'kysely',
    'node:',
  ],
  'companion/server': ['companion/core', 'shared', 'hono', '@hono/', 'ws', 'node:', 'zod'],
  'companion/dashboard': [
    'shared/ui',
    'shared/protocol',
    'preact',
    '@preact/signals',
    'eventsource-parser',
    'zod/mini',
  ],
  'companion/commands': [
    'companion',
    'shared',
    'commander',
    'picocolors',
    'env-paths',
    'zod',
    'node:',
  ],
  'companion/browser': ['node:'],
  'companion/gateway': [
    'companion/core',
    'companion/browser',
    'shared/protocol',
    // What reads amounts, recipients and secrets in text knows no DOM.
    'shared/page/amount.ts',
    'shared/page/clip.ts',
    'shared/page/recipients.ts',
    'shared/page/secret.ts',
    'ws',
    'node:',
  ],
  'companion/gateway/page': ['shared/page'],
  // What a body says is read by the code that reads pages, as far as it needs no DOM.
  'companion/gateway/operation': [
    'companion/gateway/cdp.ts',
    'shared/protocol',
    'shared/page/amount.ts',
    'shared/page/clip.ts',
    'shared/page/recipients.ts',
    'shared/page/secret.ts',
    'node:crypto',
  ],
  'companion/proxy': ['ws', 'node:'],
  'companion/shim.ts': ['companion', 'node:'],
  'companion/practice': ['hono', '@hono/', 'node:', 'zod', 'shared/protocol', '@playwright/test'],
  'companion/demo.ts': ['companion', 'commander', 'node:'],
  'companion/cli.ts': ['companion', 'commander', 'node:'],
}

const root = resolve(import.meta.dirname, '..')
const folders = ['shared', 'extension', 'companion']

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory())
      return ['node_modules', 'dist', '.output', '.wxt'].includes(entry.name) ? [] : sources(path)
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : []
  })
}

/** Modules that a file imports values from; `import type` does not count. */
function imports(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found: string[] = []
  for (const match of text.matchAll(
    /^(?:import|export)\s+(?!type\b)[^'"]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'/gm,
  )) {
    const name = match[1] ?? match[2]
    if (name) found.push(name)
  }
  return found
}

/** A module's name as the table writes it: repository path for our own files. */
function named(file: string, module: string): string {
  if (module.startsWith('#')) return module.slice(1)
  if (module.startsWith('.')) return relative(root, resolve(root, dirname(file), module))
  return module
}

/** The text without comments and strings, on the same lines. */
function codeOnly(text: string): string {
  return (
    text
      .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
      .replace(/(^|\s)\/\/.*$/gm, '')
      .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")
      // `as` in an import renames.
      .replace(/^import\s[^;]*?\sfrom\s/gm, (names) => names.replace(/[^\n]/g, ''))
  )
}

const files = folders.flatMap(sources)

describe('architecture', () => {
  it('every folder imports values only from where it may', () => {
    const wrong: string[] = []
    for (const file of files) {
      const folder = Object.keys(allowed)
        .filter((prefix) => file === prefix || file.startsWith(`${prefix}/`))
        .sort((a, b) => b.length - a.length)[0]
      if (!folder) {
        if (!/\.config\.ts$/.test(file)) wrong.push(`${file} is in no folder of the layout`)
        continue
      }
      for (const module of imports(file).map((name) => named(file, name))) {
        const inside = module === folder || module.startsWith(`${folder}/`)
        const fine = (allowed[folder] ?? []).some((prefix) => module.startsWith(prefix))
        if (!inside && !fine && !/\.css(\?.*)?$/.test(module))
          wrong.push(`${file} imports ${module}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('no file is longer than 300 lines', () => {
    const long = files.filter(
      (file) => readFileSync(join(root, file), 'utf8').split('\n').length > 301,
    )
    expect(long).toEqual([])
  })

  it('the pure middle reads no clock and no randomness', () => {
    const impure = files
      .filter((file) => /^shared\/(classify|policy|protocol)\//.test(file))
      .filter((file) =>
        /\bDate\.now\(|new Date\(\)|Math\.random\(|\bperformance\.now\(/.test(
          readFileSync(join(root, file), 'utf8'),
        ),
      )
    expect(impure).toEqual([])
  })

  it('no casts, no any, no non-null assertions', () => {
    const cast = /\bas (?!const\b)(?:[A-Z{([]|unknown\b|string\b|number\b|never\b|any\b)/
    const wrong = files.flatMap((file) =>
      codeOnly(readFileSync(join(root, file), 'utf8'))
        .split('\n')
        .flatMap((line, index) => {
          if (/^\s*(import|export)\b.*\bfrom\b/.test(line)) return []
          const found = cast.test(line) || /: any\b|<any>|[\w)\]]!(?:[.[;,)]|$)/.test(line)
          return found ? [`${file}:${index + 1}: ${line.trim()}`] : []
        }),
    )
    expect(wrong).toEqual([])
  })

  it('release happens in at most two files: the page and the gateway', () => {
    const homes = ['extension/hold/release.ts', 'companion/gateway/release.ts']
    const releases = files.filter((file) => /(^|\/)release\.ts$/.test(file))
    expect(releases.filter((file) => !homes.includes(file))).toEqual([])
  })
})
