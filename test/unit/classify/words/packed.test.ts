import { describe, expect, it } from 'vitest'
import { verbsOf } from '#shared/classify/lexicon.ts'
import { graver, isVerb, meaning } from '#shared/classify/meaning.ts'
import { languages } from '#shared/classify/words/languages.ts'
import { pack } from '#shared/classify/words/pack.ts'

describe('the packed word table', () => {
  it('is what the tables say; `-u` writes it', async () => {
    const file = [
      '/** The word tables of this folder as hashes, written by `pack.ts`. Do not edit: change a table and run',
      ' * the unit tests of this folder with `-u`. */',
      'export const packed =',
      `  '${pack()}'`,
      '',
    ].join('\n')
    await expect(file).toMatchFileSnapshot('../../../../shared/classify/words/packed.ts')
  })

  it.each(Object.entries(languages))(
    'finds every word of %s, as it is or graver',
    (_, { terms }) => {
      for (const [term, list] of Object.entries(terms))
        for (const word of list.split(',').map((one) => one.trim().replace(/^[~=]/, ''))) {
          const [match, second] = verbsOf(word).matches
          expect(second, word).toBeUndefined()
          const found = match?.term ?? 'nothing'
          const isSame = found === term
          const isGraver =
            isVerb(found) && (!isVerb(term) || !graver(meaning(term), meaning(found)))
          expect(isSame || isGraver, `\`${word}\` is ${term}, found ${found}`).toBe(true)
        }
    },
  )
})
