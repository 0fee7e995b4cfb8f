import { html } from 'hono/html'
import { badge, empty, type Html, icon, page, searchBox, tabs } from './layout.ts'
import { matches } from './matches.ts'
import { money, plain } from './money.ts'
import type { Order } from './records.ts'

export interface OrderView {
  query: string
  show: string
  note: string | undefined
}

export function ordersPage(all: readonly Order[], view: OrderView): Html {
  const shown = all.filter((order) => view.show === 'all' || state(order).key === view.show)
  const found = shown.filter((order) =>
    matches(view.query, String(order.id), order.customer, order.item),
  )
  const actions = html`<a class="button" href="/refunds/export.csv" download>${icon('download')}Export CSV</a>`
  return page(
    { title: 'Refund desk', app: 'refunds', note: view.note, actions },
    html`${tabs(
      'Orders',
      views.map(([key, text]) => ({
        text,
        href: `/refunds?show=${key}`,
        current: key === view.show,
        count: all.filter((order) => key === 'all' || state(order).key === key).length,
      })),
    )}
    ${searchBox('/refunds', 'Search orders', view.query, [['show', view.show]])}
    <div class="card">${
      found.length === 0
        ? empty('No order matches.')
        : html`<table class="rows" aria-label="Orders">
      <thead><tr><th>Order</th><th>Item</th><th>Placed</th><th class="number">Paid</th><th class="tight">Status</th><td class="tight"></td></tr></thead>
      <tbody>${found.map(orderRow)}</tbody></table>`
    }</div>`,
  )
}

function orderRow(order: Order): Html {
  const left = order.paid - order.refunded
  const quick = html`<form method="post" action="/refunds/${order.id}/refund">
    <input type="hidden" name="amount" value="${plain(left)}"><input type="hidden" name="reason" value="Quick refund">
    <button class="quiet only-icon" title="Refund ${money(left, order.currency)}">${icon('refund')}</button></form>`
  return html`<tr data-order="${order.id}">
    <td><a href="/refunds/${order.id}">Order ${order.id}</a><small>${order.customer}</small></td>
    <td class="minor">${order.item}</td><td class="minor muted">${order.placed}</td>
    <td class="number">${money(order.paid, order.currency)}</td>
    <td class="tight">${badge(state(order).text, state(order).tone)}</td>
    <td class="tight">${left > 0 ? quick : ''}</td></tr>`
}

export function orderPage(
  order: Order,
  { note, problem }: { note?: string | undefined; problem?: string | undefined },
): Html {
  const left = order.paid - order.refunded
  return page(
    { title: `Order ${order.id}`, app: 'refunds', script: 'refunds.js', note },
    html`<a class="crumb" href="/refunds">${icon('back')}All orders</a>
    <div class="split">
      <section class="card pad"><div class="bar spread"><h2>Payment</h2>${badge(state(order).text, state(order).tone)}</div>
        <p class="total">${money(order.paid, order.currency)}</p>
        <dl class="facts"><dt>Customer</dt><dd>${order.customer}</dd><dt>Email</dt><dd>${order.email}</dd><dt>Item</dt><dd>${order.item}</dd>
        <dt>Placed</dt><dd>${order.placed}</dd><dt>Refunded</dt><dd>${money(order.refunded, order.currency)}</dd><dt>Can be refunded</dt><dd>${money(left, order.currency)}</dd></dl>
      </section>
      ${left > 0 ? refundForm(order, left, problem) : html`<section class="card pad"><h2>Refund</h2><p class="muted">This order is refunded in full.</p></section>`}
    </div>`,
  )
}

function refundForm(order: Order, left: number, problem: string | undefined): Html {
  return html`<form class="card pad" method="post" action="/refunds/${order.id}/refund" aria-label="Refund" data-refund="${order.id}">
    <h2>Refund ${order.customer}</h2>
    ${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
    <div class="field"><label for="amount">Amount in ${order.currency}</label>
      <input id="amount" name="amount" inputmode="decimal" autocomplete="off" placeholder="${plain(left)}"></div>
    <div class="field"><label for="reason">Reason</label><select id="reason" name="reason">
      <option>Arrived damaged</option><option>Wrong item</option><option>Goodwill</option><option>Billing error</option></select></div>
    <div class="bar"><button class="primary">Issue refund</button><button type="button" data-preview>Preview</button></div>
    <dl class="facts" data-result hidden><dt>Customer gets</dt><dd data-customer></dd><dt>Card fee</dt><dd data-fee></dd><dt>Then left</dt><dd data-left></dd></dl>
    <p class="muted"><small>Money goes back to the card that paid. A refund cannot be called back.</small></p>
  </form>`
}

const views = [
  ['all', 'All'],
  ['paid', 'Paid'],
  ['partly', 'Partly refunded'],
  ['refunded', 'Refunded'],
] as const

function state(order: Order): { key: string; text: string; tone: 'good' | 'warn' | 'plain' } {
  if (order.refunded === 0) return { key: 'paid', text: 'Paid', tone: 'good' }
  if (order.refunded < order.paid) return { key: 'partly', text: 'Partly refunded', tone: 'warn' }
  return { key: 'refunded', text: 'Refunded', tone: 'plain' }
}
