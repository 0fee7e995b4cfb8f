/** What `page.spec.ts` runs inside a page: the folder under test, and the library that names and
 * roles are compared with. */
export { computeAccessibleName, getRole } from 'dom-accessibility-api'
export { actionable, deepTarget, isUnknownTarget } from '#shared/page/actionable.ts'
export { describe } from '#shared/page/describe.ts'
export { name } from '#shared/page/name.ts'
export { role } from '#shared/page/role.ts'
