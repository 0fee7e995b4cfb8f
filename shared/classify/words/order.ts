import { verbs } from '../meaning.ts'
import { smallWords, topics } from './words.ts'

/** The numbers that terms and topics have in the packed table. */
export const order: readonly string[] = [...verbs, ...smallWords, ...topics]
