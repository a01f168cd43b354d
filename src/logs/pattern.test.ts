import { describe, expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { compilePattern } from './pattern.ts'

describe('compilePattern', () => {
  test('gives the named groups of the first match', () => {
    const pattern = compilePattern('regions/(?<region>[^/]+)/(?:v\\d{1,2}/)?(?<file>.+?)\\.log$')
    expect(pattern.names).toEqual(['region', 'file'])
    expect(pattern.match('logs/regions/eu-1/v2/a.b.log')).toEqual(
      new Map([
        ['region', 'eu-1'],
        ['file', 'a.b'],
      ]),
    )
    expect(pattern.match('logs/regions/eu-1/a.txt')).toBeNull()
  })

  test('agrees with the engine on thousands of patterns and texts', () => {
    const random = createRandom(5)
    const pick = (items: readonly string[]) => items[Math.floor(random() * items.length)]
    const build = (depth: number): string => {
      const parts = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
        const atom =
          depth > 0 && random() < 0.4
            ? `${pick(['(?:', '('])}${build(depth - 1)})`
            : pick(['a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w'])
        return atom + pick(['', '', '', '*', '+', '?', '{2}', '{1,2}', '{1,}', '*?', '+?'])
      })
      return parts.join('') + (random() < 0.2 ? `|${pick(['a', 'b1', ''])}` : '')
    }
    let matched = 0
    for (let round = 0; round < 3_000; round++) {
      const source = `${pick(['', '^'])}(?<x>${build(2)})${pick(['', '$', 'b'])}`
      const text = Array.from({ length: Math.floor(random() * 8) }, () => pick(['a', 'b', '1', '/'])).join('')
      const expected = new RegExp(source, 'su').exec(text)
      const found = compilePattern(source).match(text)
      // Engines differ in how often they repeat a group that may be empty, so its text is not compared.
      const isSameText = /\)[*+?{]/.test(source) || found?.get('x') === expected?.groups?.x
      if (!isSameText || (found === null) !== (expected === null)) {
        expect.unreachable(`${source} on '${text}': ${found?.get('x')}, the engine: ${expected?.groups?.x}`)
      }
      if (found !== null) matched++
    }
    expect(matched).toBeGreaterThan(500)
  })

  test.each(['(?<x>(a+)+)$', '^(?<x>(a|a)*)$', '(?<x>a*a*a*a*a*a*b)', '(?<x>(?:a?){30}a{30})$', '(?<x>(.*)*(.*)*)/'])(
    'cannot be made to hang by %s',
    (source) => {
      expect(compilePattern(source).match(`${'a'.repeat(1_000)}!`)).toBeNull()
    },
  )

  test.each([
    ['(?<x>a', "needs a ')'"],
    ['a)', "has a ')' too many"],
    ['(?=a)', "has '(?=', which such patterns do not have"],
    ['(?<x>a)\\1', "has '\\1', which such patterns do not have here"],
    ['(?<x>a)(?<x>b)', "has two groups called 'x'"],
    ['a**', 'has two quantifiers in a row'],
    ['a{1,999}', "must repeat at most 100 times, got '{1,999}'"],
    ['((a{100}){100}){100}', 'must have at most 2000 steps once it is unrolled'],
    ['[z-a]', "has '[z-a]', which is no character class"],
    ['+a', "has '+a', which such patterns do not have here"],
    ['a'.repeat(501), 'a pattern must have at most 500 characters, got 501'],
  ])('refuses %s', (source, message) => {
    expect(() => compilePattern(source)).toThrow(message)
  })
})
