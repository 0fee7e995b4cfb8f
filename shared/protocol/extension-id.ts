/** The manifest key that fixes the extension id of every unpacked build; public half only, nothing is
 * signed with it. */
export const EXTENSION_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1DRxUbw3qEomUYo8abiuGJ4iWwWrdjmO72B1IwMOwvDyH7GqVZ3lj9aw6I4xrJYo8dBlrg3uX9drb6hL1ZWqG3XYdep8STaRekCvhZ5YyvUII2zE1NpYCWZh49o8BJCN5YqONnG6OALkcp22+X3Zc4W/SFXr1/IOR7QSVDCJDhuvxfyBNjjerce3ACSNAmYW53QF063svP2dyE6cHCHbKPZGEblDKyhUADR7J/XcbgJBamZDmKRRNnLDxLgSZmxIThITAYXkbjGRiBUga1mmEBktNkgXO/iLgBJ2yaHl6cDpaPGlnafIA+X4Wk5wM3m/UiiGJy4fWnDVg3Ujw0/bHwIDAQAB'

/** The id Chromium derives from that key: first 16 bytes of its SHA-256, in the letters a to p. */
export const EXTENSION_ID = 'bnlphlnplpphbimjjjhdjmiifjolfagl'

/** Id of the add-on in Firefox. */
export const FIREFOX_ID = 'holdpoint@holdpoint.dev'
