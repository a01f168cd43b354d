import { describe, expect, test } from 'bun:test'
import { createRandom } from '../../math/random.ts'
import { createTimeParser } from '../time.ts'
import { parseDecimal, parsePlainStatus } from './numbers.ts'
import { PlainTimes } from './times.ts'

const encoder = new TextEncoder()
const random = createRandom(7)
const draw = (count: number): number => Math.floor(random() * count)
const digits = (count: number): string => Array.from({ length: count }, () => draw(10)).join('')

function decimal(text: string): number {
  const bytes = encoder.encode(`x${text}x`)
  return parseDecimal(bytes, 1, bytes.length - 1)
}

describe('a plain number', () => {
  test('is the double that Number gives, to the last bit', () => {
    for (let round = 0; round < 50_000; round++) {
      const text = digits(1 + draw(20)) + (draw(2) === 0 ? '' : `.${digits(1 + draw(20))}`)
      expect([text, decimal(text)]).toEqual([text, Number(text)])
    }
  })

  test.each(['', '.', '1.', '.5', '-1', '+1', '1e3', '0x1f', ' 1', '1 ', '1,5', '1.2.3', '１'])('is not %p', (text) => {
    expect(decimal(text)).toBeNaN()
  })
})

test.each([
  ['200', 200],
  ['999', 999],
  ['0', 0],
  ['099', -1],
  ['1', -1],
  ['20', -1],
  ['2000', -1],
  ['2x0', -1],
  ['', -1],
])('the plain status of %p is %p', (text, status) => {
  const bytes = encoder.encode(text)
  expect(parsePlainStatus(bytes, 0, bytes.length)).toBe(status)
})

describe('a plain time', () => {
  const separators = ['-', '-', '/']
  const zones = ['Z', 'z', '', '+01:00', '-0330', '+05', '+19:00', ' UTC', '+1', '+01:0', 'x']
  const drawTime = () => {
    const mark = separators[draw(3)]
    const two = (most: number) => String(draw(most)).padStart(2, '0')
    const date = `${1978 + draw(124)}${mark}${two(14)}${mark}${two(33)}`
    const seconds = draw(4) === 0 ? '' : `:${two(62)}${draw(2) === 0 ? '' : `${'.,'[draw(2)]}${digits(draw(12))}`}`
    const iso = `${date}${'TT t'[draw(4)]}${two(25)}:${two(61)}${seconds}${zones[draw(zones.length)]}`
    return [iso, iso, iso, digits(8 + draw(13)), `${digits(10)}.${digits(draw(8))}`][draw(5)]
  }

  test.each([
    ['UTC', true],
    ['Europe/Berlin', false],
  ])('in %s is what the parser of texts makes of it', (timezone, isUtc) => {
    const texts = createTimeParser(timezone)
    const times = new PlainTimes(isUtc)
    let plain = 0
    let before = ''
    for (let round = 0; round < 50_000; round++) {
      // Neighbours often share the minute.
      const text = round % 2 === 0 ? drawTime() : before.slice(0, 16) + drawTime().slice(16)
      before = text
      const bytes = encoder.encode(text)
      const time = times.parse(bytes, new DataView(bytes.buffer), 0, bytes.length)
      const zoneless = texts.zoneless
      const expected = texts.parse(text)
      if (Number.isNaN(time)) continue
      plain++
      const isZoneless = texts.zoneless > zoneless
      expect([text, times.isZoneless]).toEqual([text, isZoneless])
      if (isUtc || !isZoneless) expect([text, time]).toEqual([text, expected])
      else expect(Math.abs(time - expected)).toBeLessThanOrEqual(2 * 3_600_000)
    }
    expect(plain).toBeGreaterThan(10_000)
  })
})
