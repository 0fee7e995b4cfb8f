import '#extension/zod-config.ts'
import '#shared/ui/tokens.css'
import '../page.css'
import { render } from 'preact'
import { PairPage } from './pair-page.tsx'
import { pairingFromHash } from './pairing-from-hash.ts'

const app = document.getElementById('app')
const given = pairingFromHash(location.hash)
// The code is no use to whoever reads the history later.
history.replaceState(null, '', location.pathname)
if (app) render(<PairPage given={given} />, app)
