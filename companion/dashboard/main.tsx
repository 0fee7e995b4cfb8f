import './jitless.ts'
import '#shared/ui/tokens.css'
import '#shared/ui/hold-card.css'
import './styles/frame.css'
import './styles/parts.css'
import './styles/pending.css'
import './styles/batch.css'
import './styles/oversight.css'
import './styles/staged.css'
import './styles/runs.css'
import './styles/log.css'
import './styles/policy.css'
import './styles/status.css'
import { render } from 'preact'
import { startClock } from './clock.ts'
import { Root } from './root.tsx'
import { followRoute } from './route.ts'
import { takeToken } from './session.ts'

const place = document.getElementById('app')
if (!place) throw new Error('the page has no #app')

const token = takeToken()
followRoute()
startClock()
render(<Root token={token} />, place)
