import { digest } from './digest.ts'

/** What is known of a form control when it is decided whether its value may leave the page. */
export interface Control {
  type: string
  autocomplete: string
  name: string
  label: string
  value: string
  /** It was a password field at some time, whatever a "show password" button made of it. */
  wasPassword: boolean
}

/** Whether a control holds something that nobody else may read: passwords, cards, one-time codes,
 * personal numbers, and hidden tokens. An IBAN is none: who is paid is what a person approves. */
export function isSecret(control: Control): boolean {
  if (control.type === 'password' || control.wasPassword) return true
  if (SECRET_AUTOCOMPLETE.test(control.autocomplete)) return true
  if (control.type === 'checkbox' || control.type === 'radio') return false
  const name = words(control.name)
  if (SECRET_NAME.test(name) || SECRET_NAME.test(words(control.label))) return true
  return control.type === 'hidden' && (TOKEN_NAME.test(name) || isRandom(control.value))
}

/** What stands in for a secret: the same for the same value in the same document, so that a change
 * is still noticed. Empty values stay empty. */
export function mask(value: string, key: readonly [number, number]): string {
  return value === '' ? '' : `•••• ${digest(value, key)}`
}

/** Text with every payment card number masked. */
export function maskCards(text: string, key: readonly [number, number]): string {
  if (!MAYBE_CARD.test(text)) return text
  return text.replace(CARD, (run) => (isCard(run) ? mask(run.replace(/\D/g, ''), key) : run))
}

const SECRET_AUTOCOMPLETE = /\b(?:cc-[a-z-]+|one-time-code|(?:current|new)-password)\b/i

/** Matched against words in lower case. */
const SECRET_NAME =
  /\b(?:pass ?(?:word|wd|code|phrase|wort)?|pwd|passwort|kennwort|senha|contrasena|contraseña|mot de passe|mdp|wachtwoord|has[lł]o|sifre|otp|totp|mfa|2 ?fa|one time|einmal ?code|(?:verification|security|auth(?:entication)?|sms) code|pin|pin code|cvv ?2?|cvc ?2?|csc|card ?(?:number|no|num)|kartennummer|ssn|social security|secret|api ?key|private ?key|(?:access|auth|bearer|refresh) token)\b|şifre|парол|パスワード|暗証番号|密码|密碼|验证码|驗證碼|비밀번호|كلمة (?:المرور|السر)/

const TOKEN_NAME =
  /\b(?:csrf|xsrf|token|nonce|authenticity|viewstate|viewstategenerator|eventvalidation|requestverification|sess(?:ion)?(?: ?id)?|sid|signature|sig|captcha|jwt|state|hash)\b|(?:csrf|xsrf|token|viewstate)/

/** `card_number`, `cardNumber` and `card-number` are the same words. */
function words(name: string): string {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/[\s_.\-[\]:/*]+/g, ' ')
    .trim()
    .toLowerCase()
}

/** A value that looks drawn at random: long, unbroken, and mixing letters with digits. A UUID is a
 * record's name more often than a secret, and a change of it must stay readable. */
function isRandom(value: string): boolean {
  if (value.length < 20 || value.length > 4000 || /[\s<>{}]|:\/\//.test(value)) return false
  if (/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)) return false
  const digits = value.replace(/\D/g, '').length
  const letters = value.replace(/[^a-z]/gi, '').length
  return digits >= 3 && letters >= 5 && new Set(value).size >= 10
}

const MAYBE_CARD = /\d(?:[ -]?\d){12}/
const CARD = /\d(?:[ -]?\d){12,18}(?!\d)/g

/** Luhn's check (ISO/IEC 7812-1 annex B) over 13 to 19 digits, with an issuer's first digit. */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  if (!/^[2-6]/.test(digits)) return false
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits.charAt(digits.length - 1 - at)) * (at % 2 === 0 ? 1 : 2)
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 === 0
}
