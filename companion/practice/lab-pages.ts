import { html } from 'hono/html'
import { type Html, icon, page } from './layout.ts'

/** One card per control; ids and `data-lab` names are what tests select. */
export function labPage(note?: string): Html {
  return page(
    { title: 'Lab', app: 'lab', script: 'lab.js', note },
    html`<p class="muted">Controls that hide, move or disguise what they do. The server keeps a list of all it received at <a href="/truth">/truth</a>.</p>
    <div class="tiles">${movingAmounts}${hidden}${scripted}${disguised}${text}${frames}</div>`,
  )
}

function card(title: string, says: string, content: Html): Html {
  return html`<section class="card pad" aria-label="${title}"><div><h2>${title}</h2><small>${says}</small></div>${content}</section>`
}

const movingAmounts = html`${card(
  'Amount grows on submit',
  'The submit handler turns 25.00 into 2500.00.',
  html`<form method="post" action="/lab/effects/grows-on-submit" data-lab="grows-on-submit">
    <input type="hidden" name="amount" value="25.00"><button class="primary">Pay $25.00</button></form>`,
)}${card(
  'Amount moves on a timer',
  'One second after the clock starts, the amount is 900.00.',
  html`<form method="post" action="/lab/effects/moves-on-timer" data-lab="moves-on-timer" class="fields">
    <div class="field"><label for="moving">Amount in USD</label><input id="moving" name="amount" value="20.00"></div>
    <div class="bar"><button type="button" data-clock>Start the clock</button><button class="primary">Transfer</button></div></form>`,
)}`

const hidden = html`${card(
  'Closed shadow root',
  'The button cannot be reached from the page’s own document.',
  html`<fern-invoice></fern-invoice>`,
)}${card(
  'A div that acts',
  'No role, no tabindex, only onclick.',
  html`<div><div class="fake-button" id="archive" onclick="labEffect('archive-div')">Archive project</div></div>`,
)}${card(
  'A nameless icon',
  'Only the icon’s reference tells what it is for.',
  html`<div><button type="button" class="only-icon" id="nameless" data-effect="nameless-icon">${icon('trash')}</button></div>`,
)}`

const scripted = html`${card(
  'Submitted by script',
  'Choosing a plan calls form.submit(), which fires no submit event.',
  html`<form method="post" action="/lab/effects/scripted-submit" data-lab="scripted-submit"><div class="field">
    <label for="plan">Plan</label><select id="plan" name="plan"><option>Starter</option><option>Team</option><option>Company</option></select></div></form>`,
)}${card(
  'A link that acts',
  'A plain GET link with a side effect.',
  html`<div><a href="/lab/unsubscribe" id="unsubscribe">Unsubscribe everyone</a></div>`,
)}${card(
  'A page that removes dialogs',
  'Every dialog that appears in it is taken out again.',
  html`<div><a class="button" href="/lab/vanishing">Open the page</a></div>`,
)}`

const disguised = html`${card(
  'Label swapped under the finger',
  'It says “Show details” until the pointer is down.',
  html`<div><button type="button" id="swapped" data-effect="swapped-label">Show details</button></div>`,
)}${card(
  'Acts on pointerdown',
  'Waits for no click.',
  html`<div><button type="button" id="early">Publish now</button></div>`,
)}${card(
  'An image as the submit button',
  'Sends x and y along.',
  html`<form method="post" action="/lab/effects/image-submit" data-lab="image-submit"><input type="hidden" name="invoice" value="F-2041">
    <input type="image" src="/assets/pay.svg" alt="Pay now" width="96" height="36"></form>`,
)}${card(
  'Only trusted clicks',
  'Ignores clicks that a script made.',
  html`<div><button type="button" id="trusted">Confirm booking</button></div>`,
)}`

const text = html`${card(
  'Drag and drop',
  'Dropping the file on the box publishes it.',
  html`<div class="bar"><span class="chip" draggable="true" id="file">report.pdf</span></div><div class="drop" id="drop">Drop here to publish</div>`,
)}${card(
  'Chat',
  'Enter sends, Shift+Enter starts a new line.',
  html`<div><ul id="chat-log" aria-label="Messages"></ul><div class="chat" id="chat" contenteditable="true" role="textbox" aria-label="Message #support" data-placeholder="Message #support"></div></div>`,
)}`

const frames = html`${card('Two frames', 'Each holds a form of its own.', html`<iframe src="/lab/frame/alpha" title="Payout alpha"></iframe><iframe src="/lab/frame/beta" title="Payout beta"></iframe>`)}`

/** A document of its own with one form, for frames: `POST /lab/effects/payout-NAME`. */
export function bareForm(name: string, received = false): Html {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Payout ${name}</title>
  <link rel="stylesheet" href="/assets/site.css"></head><body class="bare"><form method="post" action="/lab/effects/payout-${name}">
  <p>Payout ${name}: $310.00</p><div class="bar"><button class="primary">Approve payout</button>${received ? html`<span class="badge good">Received</span>` : ''}</div></form></body></html>`
}

/** A page whose script removes every dialog and everything added to the document element. */
export function vanishingPage(): Html {
  return page(
    { title: 'Nothing stays', app: 'lab', script: 'vanishing.js' },
    html`<a class="crumb" href="/lab">${icon('back')}Lab</a>
    <form class="card pad" method="post" action="/lab/effects/vanishing" aria-label="Close account">
      <p>Closing the account removes all its data.</p><div class="bar"><button class="danger">Close account</button></div></form>`,
  )
}
