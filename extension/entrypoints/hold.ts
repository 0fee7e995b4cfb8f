import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script'
import { offered } from '#extension/gate/handshake.ts'
import { startHolding } from '#extension/hold/start-holding.ts'

export default defineUnlistedScript(() => {
  offered()?.(startHolding)
})
