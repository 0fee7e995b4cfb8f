// Writes the published JSON Schema of holdpoint.yaml and its reference page from the schema itself:
//   node scripts/generate-policy-docs.mjs
// `npm run check` fails while they differ from it (test/unit/policy/docs.test.ts).
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'))
const load = async (name) =>
  (await runnerImport(`./shared/policy/${name}.ts`, { configFile: false, logLevel: 'error' }))
    .module
const { policyJsonSchema } = await load('json-schema')
const { policyReference } = await load('reference')

const schema = 'shared/policy/holdpoint.schema.json'
writeFileSync(schema, `${JSON.stringify(policyJsonSchema(), null, 2)}\n`)
writeFileSync('shared/policy/reference.md', policyReference())
const format = spawnSync(
  process.execPath,
  ['node_modules/@biomejs/biome/bin/biome', 'format', '--write', schema],
  { stdio: ['ignore', 'ignore', 'inherit'] },
)
process.exit(format.status ?? 1)
