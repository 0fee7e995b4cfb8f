/** An amount as its market writes it: `$1,249.00`, `1.249,00 €`. `minor` is in cents. */
export function money(minor: number, currency: Currency): string {
  return formats[currency].format(minor / 100)
}

export type Currency = 'USD' | 'EUR'

const formats = {
  USD: new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }),
  EUR: new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }),
}

/** Cents from what a person typed into an amount field (`18`, `18.5`, `18,50`, `1,249.00`); null when
 * it is no positive amount. The last separator followed by one or two digits is the decimal one. */
export function cents(text: string): number | null {
  const match = /^(\d{1,3}(?:[.,\s]?\d{3})*|\d+)(?:[.,](\d{1,2}))?$/.exec(text.trim())
  if (!match) return null
  const whole = Number((match[1] ?? '').replace(/\D/g, ''))
  const value = whole * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  return value > 0 ? value : null
}

/** The same amount as a form field carries it: `1249.00`. */
export function plain(minor: number): string {
  return (minor / 100).toFixed(2)
}
