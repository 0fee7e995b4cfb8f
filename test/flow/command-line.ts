import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'vite'
import { onTestFinished } from 'vitest'
import * as z from 'zod/mini'

const Ready = z.object({ companion: z.string(), token: z.string(), home: z.string() })

/** The command line bundled from the sources as they are, inside the package so that it finds it. */
export class CommandLine {
  private constructor(readonly dir: string) {}

  static async build(): Promise<CommandLine> {
    const cache = resolve('node_modules/.cache')
    const dir = mkdtempSync(join(cache, 'holdpoint-flow-'))
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ...{ ssr: true, target: 'node20', outDir: dir, emptyOutDir: false, minify: false },
        rollupOptions: {
          input: { cli: resolve('companion/cli.ts') },
          output: { entryFileNames: 'cli.mjs' },
        },
      },
    })
    return new CommandLine(dir)
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true })
  }

  /** Runs a command to its end. */
  async run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const child = this.#spawn(args)
    const [out, err] = [text(child.stdout), text(child.stderr)]
    const code = await ended(child)
    return { code, out: await out, err: await err }
  }

  /** Starts a companion without a browser, ready when this resolves. */
  async start(home: string): Promise<{ url: string; token: string; child: ChildProcess }> {
    const child = this.#spawn(['start', '--home', home, '--port', '0', '--no-browser', '--json'])
    const err = text(child.stderr)
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await ended(child)
    })
    const line = await new Promise<string>((resolve, reject) => {
      if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve)
      child.once('exit', () => void err.then((said) => reject(new Error(said))))
    })
    const { companion, token } = Ready.parse(JSON.parse(line))
    return { url: companion, token, child }
  }

  #spawn(args: string[]): ChildProcess {
    return spawn(process.execPath, [join(this.dir, 'cli.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', HOLDPOINT_HOME: '' },
    })
  }
}

/** Resolves with the exit code once the process is gone. */
export function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once('close', (code) => resolve(code)))
}

async function text(stream: NodeJS.ReadableStream | null): Promise<string> {
  let all = ''
  for await (const chunk of stream ?? []) all += String(chunk)
  return all
}
