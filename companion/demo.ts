import { demoCommand } from './commands/demo.ts'

await demoCommand().parseAsync()
