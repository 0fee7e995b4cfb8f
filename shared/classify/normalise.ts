/** Folds page text into the one spelling that words are looked up in: compatibility forms (full-width,
 * mathematical, circled letters) to plain ones, lower case, without accents and without characters
 * that cannot be seen. `ＤＥＬ​ＥＴＥ` and `Delete` come out the same. Linear in the length of the text. */
export function normalise(text: string): string {
  if (plain(text)) return text.toLowerCase()
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(unseen, '')
    .replace(/[ßıłđøةىʀʟʏɪɴʙᴀ-ᴠꜱ]/g, (letter) => singles.get(letter) ?? letter)
    .normalize('NFC')
}

/** Latin reading of a word whose letters only look Latin (`Dеlеtе` with Cyrillic е); the word itself
 * where a letter has no Latin twin, so that real Cyrillic and Greek words are left alone. */
export function latinised(word: string, mixed: boolean): string {
  let out = ''
  for (const letter of word) {
    const twin = letter < '\u0250' ? letter : twins.get(letter)
    if (twin === undefined && !mixed) return word
    out += twin ?? letter
  }
  return out
}

function plain(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 126) return false
  return true
}

/** Default-ignorable and format characters (zero width, bidi controls, soft hyphen, variation
 * selectors), combining accents, Arabic vowel signs and the Arabic stretch mark. Japanese voicing
 * marks (U+3099) stay: they are letters to their readers. */
const unseen =
  /\p{DI}|\p{Cf}|[\u0300-\u036f]|[\u20d0-\u20ff]|[\u0610-\u061a]|[\u064b-\u065f]|[\u0670\u0640]/gu

/** Letters that Unicode does not decompose but readers and keyboards do, and Latin small capitals. */
const singles = pairs('ßsıiłlđdøoةهىيᴀaʙbᴄcᴅdᴇeɪiʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvʏy')

/** Cyrillic and Greek letters by the Latin letter that their lower or upper case
 * looks like (after lower-casing: `Т` is written `т`). Subset of Unicode's confusables.txt. */
const twins = pairs(
  'аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwвbнhкkмmтtӏlгrпnиu' + 'αaβbεeηnιiκkνvοoρpτtυuχxγyζz',
)

function pairs(text: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>()
  const letters = [...text]
  for (let i = 0; i + 1 < letters.length; i += 2) map.set(letters[i] ?? '', letters[i + 1] ?? '')
  return map
}
