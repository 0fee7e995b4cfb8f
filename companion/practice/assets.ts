/// <reference path="./raw.d.ts" />
import { Hono } from 'hono'
import crm from './public/crm.js?raw'
import icons from './public/icons.svg?raw'
import lab from './public/lab.js?raw'
import logo from './public/logo.svg?raw'
import mail from './public/mail.js?raw'
import pay from './public/pay.svg?raw'
import refunds from './public/refunds.js?raw'
import shell from './public/shell.js?raw'
import css from './public/site.css?raw'
import vanishing from './public/vanishing.js?raw'

/** The site's scripts, styles and pictures, served from memory: bundled, they need no folder. */
export function assets(): Hono {
  const app = new Hono()
  for (const [name, text] of Object.entries(files)) {
    const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain'
    app.get(`/${name}`, (c) =>
      c.body(text, 200, { 'content-type': type, 'cache-control': 'no-cache' }),
    )
  }
  return app
}

const files: Readonly<Record<string, string>> = {
  'crm.js': crm,
  'icons.svg': icons,
  'lab.js': lab,
  'logo.svg': logo,
  'mail.js': mail,
  'pay.svg': pay,
  'refunds.js': refunds,
  'shell.js': shell,
  'site.css': css,
  'vanishing.js': vanishing,
}

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}
