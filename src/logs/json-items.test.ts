import { describe, expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { isTooDeep } from './json-depth.ts'
import { findItemPath, JsonItems } from './json-items.ts'

interface Cut {
  readonly items: readonly (readonly [text: string, line: number, path: string])[]
  readonly refused: readonly string[]
  readonly ends: readonly string[]
  readonly isWhole: boolean
}

function cut(text: string, paths: readonly string[], chunkLength = text.length): Cut {
  const items: [string, number, string][] = []
  const refused: string[] = []
  const ends: string[] = []
  const scanner = new JsonItems(paths, {
    onItem: (item, line, path) => items.push([item, line, path]),
    onRefused: (_line, reason) => refused.push(reason),
    onEnd: (path) => ends.push(path),
  })
  for (let start = 0; start < text.length; start += chunkLength) scanner.push(text.slice(start, start + chunkLength))
  return { items, refused, ends, isWhole: scanner.finish() }
}

describe('JsonItems', () => {
  test('cuts items out at their paths, wherever the chunks end', () => {
    const text = '{"a":[{"x":"}]\\"{"}, 7 ,"s",[1,[2]],null],\n"b":{"c":[{"y":1}],"d":{"c":[1]}},"a2":[{}]}{"a":[{}]}'
    const expected: Cut = {
      items: [
        ['{"x":"}]\\"{"}', 1, 'a.*'],
        ['7', 1, 'a.*'],
        ['"s"', 1, 'a.*'],
        ['[1,[2]]', 1, 'a.*'],
        ['null', 1, 'a.*'],
        ['{"y":1}', 2, 'b.c.*'],
        ['{}', 2, 'a.*'],
      ],
      refused: [],
      ends: ['a', 'b.c', 'b', '', 'a', ''],
      isWhole: true,
    }
    for (let length = 1; length <= text.length; length++) expect(cut(text, ['a.*', 'b.c.*'], length)).toEqual(expected)
  })

  test('cuts what JSON.parse would find, for any JSON', () => {
    const random = createRandom(3)
    const pick = (count: number) => Math.floor(random() * count)
    const draw = (depth: number): unknown => {
      if (depth === 0 || random() < 0.3) return [0, 'a"b\\', null, true, '{', ']', -1.5e3, ''][pick(8)]
      const length = pick(4)
      const values = Array.from({ length }, () => draw(depth - 1))
      return random() < 0.5 ? values : Object.fromEntries(values.map((value, i) => [`k${i}`, value]))
    }
    for (let round = 0; round < 300; round++) {
      const list = Array.from({ length: pick(5) }, () => draw(3))
      const text = JSON.stringify({ before: draw(3), list, after: draw(2) }, null, pick(3))
      const { items, isWhole } = cut(text, ['list.*'], 1 + pick(20))
      expect(items.map(([item]) => JSON.parse(item))).toEqual(list)
      expect(isWhole).toBe(true)
    }
  })

  test('keeps the beginning of a long text, and the item stays JSON', () => {
    const body = `${'é\\n\\u0041"'.replace('"', '\\"').repeat(120_000)}`
    const text = `[{"body":"${body}","status":200}]`
    for (const length of [text.length, 7919]) {
      const { items } = cut(text, ['*'], length)
      const { body: kept, status } = JSON.parse(items[0][0])
      expect(status).toBe(200)
      expect(kept.length).toBeGreaterThan(65_536)
      expect(kept.length).toBeLessThan(400_000)
      expect(JSON.parse(`"${body}"`).startsWith(kept)).toBe(true)
    }
  })

  test('an item that is cut off is handed over as it is', () => {
    expect(cut('[{"a":1},{"b":', ['*'])).toEqual({
      items: [
        ['{"a":1}', 1, '*'],
        ['{"b":', 1, '*'],
      ],
      refused: [],
      ends: [],
      isWhole: false,
    })
  })

  test('refuses depth, and goes on behind it', () => {
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
    const { items, refused } = cut(`[${deep},{"a":1}]`, ['*'], 100)
    expect(refused).toEqual(['JSON must not be nested deeper than 64'])
    expect(items.map(([item]) => item)).toEqual(['{"a":1}'])
  })

  test('text that is no JSON gives nothing that parses, and no crash', () => {
    for (const text of [']]]', '}{', ':,', '{"a"', '"', '\\', '[[[', '{"a":[}]}']) {
      expect(() => cut(text, ['a.*', '*', ''])).not.toThrow()
    }
  })
})

test('findItemPath tells the first path that leads somewhere', () => {
  expect(findItemPath('{"took":1,"hits":{"hits":[{"_sou', ['*', 'hits.hits.*'])).toBe('hits.hits.*')
  expect(findItemPath('[ 1', ['*', 'hits.hits.*'])).toBe('*')
  expect(findItemPath('{"hits":[]}', ['*', 'hits.hits.*'])).toBeNull()
})

test('isTooDeep counts brackets outside of texts', () => {
  expect(isTooDeep(`${'['.repeat(64)}${']'.repeat(64)}`)).toBe(false)
  expect(isTooDeep(`${'[{"a":'.repeat(33)}1${'}]'.repeat(33)}`)).toBe(true)
  expect(isTooDeep(`["${'['.repeat(500)}"]`)).toBe(false)
  expect(isTooDeep(`[${'[],'.repeat(500)}0]`)).toBe(false)
  expect(isTooDeep('['.repeat(1_000_000))).toBe(true)
})
