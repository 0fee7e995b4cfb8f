import { accessSync, constants, existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** A browser that can be supervised. `sideLoads` is false for branded Chrome and Edge, which dropped
 * `--load-extension` in version 137: there the extension is loaded over the debugging pipe. */
export interface FoundBrowser {
  name: string
  path: string
  sideLoads: boolean
}

export type FindResult =
  | { ok: true; browser: FoundBrowser }
  | { ok: false; error: { code: 'browser_missing' | 'browser_wrong'; message: string } }

interface Candidate {
  name: string
  sideLoads: boolean
  linux: readonly string[]
  darwin: readonly string[]
  win32: readonly string[]
}

/** In the order in which they are tried: those that take an unpacked extension as they are first. */
const candidates: readonly Candidate[] = [
  {
    name: 'Chromium',
    sideLoads: true,
    linux: ['chromium', 'chromium-browser', '/snap/bin/chromium'],
    darwin: ['/Applications/Chromium.app/Contents/MacOS/Chromium'],
    win32: ['Chromium/Application/chrome.exe'],
  },
  {
    name: 'Chrome for Testing',
    sideLoads: true,
    linux: ['chrome-for-testing', '/opt/chrome-for-testing/chrome'],
    darwin: [
      '/Applications/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    ],
    win32: ['Google/Chrome for Testing/Application/chrome.exe'],
  },
  {
    name: 'Brave',
    sideLoads: true,
    linux: ['brave-browser', 'brave'],
    darwin: ['/Applications/Brave Browser.app/Contents/MacOS/Brave Browser'],
    win32: ['BraveSoftware/Brave-Browser/Application/brave.exe'],
  },
  {
    name: 'Edge',
    sideLoads: false,
    linux: ['microsoft-edge', 'microsoft-edge-stable'],
    darwin: ['/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
    win32: ['Microsoft/Edge/Application/msedge.exe'],
  },
  {
    name: 'Chrome',
    sideLoads: false,
    linux: ['google-chrome', 'google-chrome-stable'],
    darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    win32: ['Google/Chrome/Application/chrome.exe'],
  },
]

/** Finds the browser to supervise: `HOLDPOINT_BROWSER` where it is set (set but wrong is an error,
 * never a reason to take another), otherwise the first one installed. */
export function findBrowser(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): FindResult {
  const named = env.HOLDPOINT_BROWSER
  if (named) {
    const path = isRunnable(named) ? named : onPath(named, env)
    if (path) return { ok: true, browser: { name: nameOf(path), path, sideLoads: sideLoads(path) } }
    return {
      ok: false,
      error: {
        code: 'browser_wrong',
        message: `\`HOLDPOINT_BROWSER\` is \`${named}\`, which is no program that can be run; set it to the path of a Chromium, Chrome for Testing, Brave, Edge or Chrome, or unset it`,
      },
    }
  }
  for (const candidate of candidates) {
    const path = places(candidate, env, platform).find(isRunnable)
    if (path)
      return { ok: true, browser: { name: candidate.name, path, sideLoads: candidate.sideLoads } }
  }
  return { ok: false, error: { code: 'browser_missing', message: howToInstall(platform) } }
}

function places(
  candidate: Candidate,
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
): string[] {
  if (platform === 'darwin')
    return candidate.darwin.flatMap((path) => [path, join(homedir(), path)])
  if (platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
    return roots.flatMap((root) => (root ? candidate.win32.map((path) => join(root, path)) : []))
  }
  return candidate.linux.flatMap((name) =>
    name.startsWith('/') ? [name] : (onPath(name, env) ?? []),
  )
}

/** Path of a program on `PATH`, undefined where there is none. */
export function findProgram(
  name: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  return onPath(name, env)
}

function onPath(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  return folders.map((folder) => join(folder, name)).find(isRunnable)
}

function isRunnable(path: string): boolean {
  if (!path.includes('/') && !path.includes('\\')) return false
  try {
    accessSync(path, constants.X_OK)
    return existsSync(path)
  } catch {
    return false // not there, or not for us: the caller says so or tries the next
  }
}

function nameOf(path: string): string {
  const found = candidates.find((c) =>
    [...c.linux, ...c.darwin, ...c.win32].some((place) => path.endsWith(place)),
  )
  return found?.name ?? 'Chromium'
}

function sideLoads(path: string): boolean {
  return candidates.find((candidate) => candidate.name === nameOf(path))?.sideLoads ?? true
}

function howToInstall(platform: string): string {
  const install =
    platform === 'darwin'
      ? ['brew install --cask chromium']
      : platform === 'win32'
        ? ['winget install Hibbiki.Chromium']
        : [
            'apt-get install chromium        (Debian, as root)',
            'snap install chromium           (Ubuntu)',
            'dnf install chromium            (Fedora)',
          ]
  return [
    'no browser found: looked for Chromium, Chrome for Testing, Brave, Edge and Chrome. Install one:',
    ...install.map((line) => `  ${line}`),
    'or name one: HOLDPOINT_BROWSER=/path/to/chromium',
  ].join('\n')
}
