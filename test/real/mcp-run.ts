import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import * as z from 'zod/mini'
import { readState } from '#companion/commands/home.ts'
import { type Supervisor, supervisor, until } from '#companion/practice/supervisor.ts'
import { root } from '../fixtures.ts'

const ToolAnswer = z.object({
  isError: z.optional(z.boolean()),
  content: z.array(z.object({ type: z.string(), text: z.optional(z.string()) })),
})

/** An MCP browser server that is not ours, behind `holdpoint run`, and the person who supervises it. */
export interface McpRun {
  home: string
  person: Supervisor
  /** Address of the dashboard, with the token. */
  dashboard: string
  /** Calls a tool of the server and gives back the text that the agent reads. */
  tool(name: string, args: Record<string, unknown>): Promise<string>
  close(): Promise<void>
}

/** Starts `holdpoint run -- @playwright/mcp` on a home folder of its own, as a user's MCP client would. */
export async function mcpRun(policy: string): Promise<McpRun> {
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-mcp-'))
  writeFileSync(join(home, 'holdpoint.yaml'), policy)
  const server = join(root, 'node_modules/@playwright/mcp/cli.js')
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [
      join(root, 'companion/dist/cli.js'),
      ...['run', '--home', home, '--port', '0', '--headless', '--name', 'webmail'],
      ...['--agent', 'mcp-agent', '--', process.execPath, server],
      ...['--output-dir', join(home, 'mcp-output')],
    ],
    stderr: 'inherit',
  })
  const client = new Client({ name: 'an agent', version: '1.0.0' })
  await client.connect(transport, { timeout: 60_000 })
  const url = readState(home)?.url
  if (!url) throw new Error('no companion is running')
  const token = readFileSync(join(home, 'token'), 'utf8').trim()
  return {
    home,
    person: supervisor(url, token),
    dashboard: `${url}/#token=${token}`,
    async tool(name, args) {
      const answer = ToolAnswer.parse(
        await client.callTool({ name, arguments: args }, undefined, { timeout: 120_000 }),
      )
      return answer.content.map(({ text }) => text ?? '').join('\n')
    },
    async close() {
      await client.close()
      await until(() => (readState(home) === null ? true : undefined), 10_000)
      rmSync(home, { recursive: true, force: true })
    },
  }
}
