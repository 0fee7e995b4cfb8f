import type { Clue } from '../evidence.ts'
import { context } from './context.ts'
import { download } from './download.ts'
import { drop } from './drop.ts'
import { endpoint } from './endpoint.ts'
import { field } from './field.ts'
import { formSubmit } from './form-submit.ts'
import { icon } from './icon.ts'
import { key } from './key.ts'
import { linkAddress } from './link-address.ts'
import { mutatingLink } from './mutating-link.ts'
import { navigates } from './navigates.ts'
import { opens } from './opens.ts'
import { outsideLink } from './outside-link.ts'
import { request } from './request.ts'
import { searchOrLogin } from './search-or-login.ts'
import { sensitive } from './sensitive.ts'
import { toggle } from './switch.ts'
import { unknownTarget } from './unknown-target.ts'
import { words } from './words.ts'

/** Every signal. Their order is the order in which a person reads the reasons; what decides is their
 * force. */
export const signals: readonly Clue[] = [
  ...[unknownTarget, request, key, drop, mutatingLink],
  ...[
    linkAddress,
    outsideLink,
    download,
    words,
    context,
    toggle,
    endpoint,
    formSubmit,
    icon,
    sensitive,
  ],
  ...[field, opens, navigates, searchOrLogin],
]

/** Those that never find an effect, and only speak against what others find. */
export const against: readonly Clue[] = [field, opens, navigates, searchOrLogin, sensitive]
