import * as z from 'zod/mini'

// Without this zod probes `new Function`, which our own Content-Security-Policy reports.
z.config({ jitless: true })
