import { arabic } from './arabic.ts'
import { chinese } from './chinese.ts'
import { dutch } from './dutch.ts'
import { english } from './english.ts'
import { french } from './french.ts'
import { german } from './german.ts'
import { italian } from './italian.ts'
import { japanese } from './japanese.ts'
import { korean } from './korean.ts'
import { polish } from './polish.ts'
import { portuguese } from './portuguese.ts'
import { russian } from './russian.ts'
import { spanish } from './spanish.ts'
import { turkish } from './turkish.ts'
import type { Words } from './words.ts'

/** Every language by its code. All are looked up at once: a page may mix them, and its `lang` may lie. */
export const languages: Readonly<Record<string, Words>> = {
  en: english,
  de: german,
  pt: portuguese,
  es: spanish,
  fr: french,
  it: italian,
  nl: dutch,
  pl: polish,
  tr: turkish,
  ru: russian,
  ja: japanese,
  zh: chinese,
  ko: korean,
  ar: arabic,
}
