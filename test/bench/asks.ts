import type { Descriptor } from '#shared/protocol/descriptor.ts'

/* Realistic work for the benches of the whole companion. Every ask is let go by a rule. */

const HOSTS = 200

/** A policy of `count` rules over many hosts: a quarter deny, a quarter hold large payments (one in
 * twenty of those on every host), the rest let small payments and mail to some recipients go. */
export function manyRules(count: number): string {
  const rules = Array.from({ length: count }, (_, index) => {
    const host = `mail${index % HOSTS}.example.com`
    const id = `rule-${index}`
    const area = `https://${host}/area${index}/**`
    switch (Math.floor(index / HOSTS) % 4) {
      case 0: {
        const on = { capability: 'send', url: `https://${host}/**`, recipients: ['*@example.com'] }
        return { id, effect: 'allow', on, acknowledge: ['communication'] }
      }
      case 1:
        return { id, effect: 'deny', on: { capability: ['send', 'delete'], url: area } }
      case 2: {
        const url = index % 20 === 0 ? {} : { url: `https://${host}/**` }
        const on = { capability: 'transact', ...url, amount: { min: '500 USD' } }
        return { id, effect: 'hold', on }
      }
      default: {
        const on = { capability: 'transact', url: area, amount: { max: '50 USD' } }
        return { id, effect: 'allow', on, acknowledge: ['financial'] }
      }
    }
  })
  return JSON.stringify({ version: 1, rules })
}

/** `count` mails about to be sent, over all hosts. */
export function asks(count: number): Descriptor[] {
  return Array.from({ length: count }, (_, index) => {
    const origin = `https://mail${(index * 37) % HOSTS}.example.com`
    const to = `person${index}@example.com`
    return {
      door: 'api',
      run: { id: `run-${index % 5}` },
      provenance: 'agent',
      gesture: 'click',
      page: { url: `${origin}/compose?draft=${index}`, title: 'Compose', top: true },
      target: {
        ...{ role: 'button', name: 'Send', tag: 'button', type: 'submit', path: 'form > button' },
        hints: ['btn', 'primary'],
      },
      form: {
        method: 'post',
        action: `${origin}/send`,
        fields: [{ label: 'To', name: 'to', type: 'email', value: to, secret: false }],
      },
      terms: { amounts: [], recipients: [to], rows: null },
    }
  })
}
