import { z } from 'zod'
import { protocolJson } from '#companion/gateway/protocol-json.ts'

const parameter = z.object({
  name: z.string(),
  optional: z.optional(z.boolean()),
  type: z.optional(z.string()),
  $ref: z.optional(z.string()),
  enum: z.optional(z.array(z.string())),
})

const schema = z.object({
  domains: z.array(
    z.object({
      domain: z.string(),
      commands: z.optional(
        z.array(z.object({ name: z.string(), parameters: z.optional(z.array(parameter)) })),
      ),
      events: z.optional(z.array(z.object({ name: z.string() }))),
    }),
  ),
})

export type Parameter = z.infer<typeof parameter>

/** One method as the published protocol has it. */
export interface ProtocolMethod {
  name: string
  domain: string
  parameters: Parameter[]
}

const { domains } = schema.parse(JSON.parse(protocolJson()))

export const protocolMethods: ProtocolMethod[] = domains
  .flatMap(({ domain, commands = [] }) =>
    commands.map(({ name, parameters = [] }) => ({
      name: `${domain}.${name}`,
      domain,
      parameters,
    })),
  )
  .sort((a, b) => (a.name < b.name ? -1 : 1))

export const protocolEvents: string[] = domains.flatMap(({ domain, events = [] }) =>
  events.map(({ name }) => `${domain}.${name}`),
)
