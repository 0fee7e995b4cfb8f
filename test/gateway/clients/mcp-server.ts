import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import * as z from 'zod/mini'

/** A tool's result, as far as a model reads it. */
const Result = z.object({
  isError: z.optional(z.boolean()),
  content: z.array(z.object({ type: z.string(), text: z.optional(z.string()) })),
})

export interface McpServer {
  /** Names of its tools. */
  tools: readonly string[]
  /** Calls a tool. Resolves with all that a model would read of its result; an error is a text too. */
  call(tool: string, args?: Record<string, unknown>): Promise<string>
  stop(): Promise<void>
}

/** Starts an MCP server that drives a browser, as a user's configuration would, over standard input and
 * output. It inherits no environment but what it needs to find Node. */
export async function startMcpServer(script: string, args: readonly string[]): Promise<McpServer> {
  const client = new Client({ name: 'contract-test', version: '1.0.0' })
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [script, ...args],
    env: { PATH: process.env.PATH ?? '', CI: '1' },
    stderr: 'ignore',
  })
  await client.connect(transport)
  const { tools } = await client.listTools()
  return {
    tools: tools.map(({ name }) => name),
    async call(tool, args = {}) {
      const { content } = Result.parse(await client.callTool({ name: tool, arguments: args }))
      return content.map(({ type, text }) => text ?? `[${type}]`).join('\n')
    },
    stop: () => client.close(),
  }
}
