import { describe, expect, test } from 'bun:test'
import { KIND } from './cells.ts'
import { Texts } from './texts.ts'

const encoder = new TextEncoder()

function find(texts: Texts, text: string, kind: number = KIND.text): number {
  const bytes = encoder.encode(`<${text}>`)
  return texts.find(bytes, new DataView(bytes.buffer), kind, 1, bytes.length - 1)
}

describe('texts', () => {
  test('are numbered as they come, each once', () => {
    const texts = new Texts()
    expect(['a', 'b', 'a', 'ab', 'é', 'b'].map((text) => find(texts, text))).toEqual([1, 2, 1, 3, 4, 2])
    expect(texts.values).toEqual(['', 'a', 'b', 'ab', 'é'])
  })

  test('are those that the cell stands for', () => {
    const texts = new Texts()
    expect(['', '-', 'null', ' '].map((text) => find(texts, text))).toEqual([0, 0, 0, 0])
    const cells: [string, number][] = [
      ['1.10', KIND.text],
      ['1.10', KIND.number],
      ['true', KIND.yes],
      ['a\\u00e9', KIND.escaped],
      ['a""b', KIND.doubled],
      ['{"a":1}', KIND.json],
    ]
    const bytes = encoder.encode('"a\\u00e9"')
    for (const [text, kind] of cells) {
      if (kind === KIND.escaped) texts.find(bytes, new DataView(bytes.buffer), kind, 1, bytes.length - 1)
      else find(texts, text, kind)
    }
    expect(texts.values).toEqual(['', '1.10', '1.1', 'true', 'aé', 'a"b'])
  })

  test('of every length differ by every byte', () => {
    const texts = new Texts()
    const all = Array.from({ length: 70 }, (_, length) => 'x'.repeat(length)).flatMap((text) => [
      text,
      ...Array.from(text, (_, at) => `${text.slice(0, at)}y${text.slice(at + 1)}`),
    ])
    const numbers = all.map((text) => find(texts, text))
    expect(new Set(numbers).size).toBe(all.length)
    expect(numbers.map((number) => texts.values[number])).toEqual(all)
    expect(all.map((text) => find(texts, text))).toEqual(numbers)
  })

  test('are found again among very many', () => {
    const texts = new Texts()
    const all = Array.from({ length: 50_000 }, (_, i) => `/path/${i * 7919}/${'x'.repeat(i % 9)}`)
    const numbers = all.map((text) => find(texts, text))
    expect(new Set(numbers).size).toBe(all.length)
    expect(all.map((text) => find(texts, text))).toEqual(numbers)
    expect(numbers.map((number) => texts.values[number])).toEqual(all)
    expect(texts.bytes).toBe(all.reduce((sum, { length }) => sum + length, 0))
  })
})
