export { createLook } from './look.ts'
