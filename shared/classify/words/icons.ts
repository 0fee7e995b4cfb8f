import type { Term } from './words.ts'

/** Names that icon sets, class names and `data-*` attributes give to controls, as separate words. */
export const icons: Partial<Record<Term, string>> = {
  delete: 'trash, trashcan, garbage, bin, delete, deletebtn, destroy, erase',
  remove: 'user minus, remove, removebtn',
  send: 'send, paper plane, paperplane',
  like: 'heart, thumbs up, thumbs down, like, upvote, favorite',
  'add to list': 'cart plus, add to cart, bookmark, wishlist',
  archive: 'archive',
  mark: 'pin, flag, snooze',
  save: 'floppy, save',
  'log out': 'logout, sign out, power off',
  download: 'download, export',
  pay: 'pay now, charge',
  refund: 'refund',
  approve: 'approve',
  reject: 'reject',
  submit: 'submit',
  deploy: 'deploy, merge',
  leave: 'close, times, xmark, dismiss, cancel',
  open: 'search, chevron, caret, arrow, pencil, edit, more, menu, reply, compose, filter, sort, gear',
}
