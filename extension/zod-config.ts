import * as z from 'zod/mini'

// First import of every entry that parses: zod otherwise tries `new Function`, which the extension's
// content security policy blocks and reports.
z.config({ jitless: true })
