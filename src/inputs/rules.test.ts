import { describe, expect, test } from 'bun:test'
import {
  LAST_DAY,
  MAPPING,
  numberFrom,
  oneOf,
  quote,
  type Rule,
  SWITCH,
  TIMEZONE,
  WEB_HOST,
  WINDOW,
  wholeNumberFrom,
} from './rules.ts'

function parseAll<Value>({ parse }: Rule<Value>, texts: readonly string[]) {
  return texts.map((text) => parse(text))
}

describe('rules', () => {
  test('WINDOW: a number and a unit, up to a day', () => {
    expect(parseAll(WINDOW, ['1s', '30s', '5m', '1h', '24h', '1d'])).toEqual([1e3, 30e3, 300e3, 36e5, 864e5, 864e5])
    for (const text of ['', '0s', '5', 'm', '5 m', '-5m', '1.5h', '2d', '25h', '5M', '99999999999s', '1e2s']) {
      expect([text, WINDOW.parse(text)]).toEqual([text, undefined])
    }
  })

  test('TIMEZONE: what Intl knows', () => {
    expect(parseAll(TIMEZONE, ['UTC', 'Europe/Berlin', 'asia/kolkata'])).not.toContain(undefined)
    expect(parseAll(TIMEZONE, ['', 'Mars/Olympus', 'Berlin', 'UTC+25'])).toEqual(Array(4).fill(undefined))
  })

  test('MAPPING: at the first equals sign', () => {
    expect(MAPPING.parse('status=http_code')).toEqual(['status', 'http_code'])
    expect(MAPPING.parse(' region = path:a=b ')).toEqual(['region', 'path:a=b'])
    expect(parseAll(MAPPING, ['', 'status', '=x', 'x=', ' =x', 'x= '])).toEqual(Array(6).fill(undefined))
  })

  test('WEB_HOST: a host with or without scheme and port, nothing behind it', () => {
    expect(WEB_HOST.parse('quickchart.io')).toBe('https://quickchart.io')
    expect(WEB_HOST.parse('HTTP://charts.example.com:3400/')).toBe('http://charts.example.com:3400')
    for (const text of [
      '',
      'ftp://a.b',
      'a.b/path',
      'a.b?x',
      'user@a.b',
      'a b',
      'https://',
      'a.b:99999999',
      'a.b:99999',
    ]) {
      expect([text, WEB_HOST.parse(text)]).toEqual([text, undefined])
    }
  })

  test('LAST_DAY: the last millisecond of a real day', () => {
    expect(LAST_DAY.parse('2026-12-31')).toBe(Date.UTC(2027, 0, 1) - 1)
    expect(LAST_DAY.parse('2028-02-29')).toBe(Date.UTC(2028, 2, 1) - 1)
    expect(parseAll(LAST_DAY, ['2026-02-29', '2026-13-01', '31.12.2026', '2026-1-1', 'soon', ''])).toEqual(
      Array(6).fill(undefined),
    )
  })

  test('SWITCH: both spellings of YAML', () => {
    expect(parseAll(SWITCH, ['on', 'ON', 'true', 'off', 'Off', 'false', 'yes', '1', ''])).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      undefined,
      undefined,
      undefined,
    ])
  })

  test('numbers: plain decimals within their bounds', () => {
    expect(parseAll(numberFrom(0, 1), ['0', '0.5', '1'])).toEqual([0, 0.5, 1])
    expect(parseAll(numberFrom(0, 1), ['1.01', '-0', '.5', '5%', '1e-1', 'NaN', '', ' 1'])).toEqual(
      Array(8).fill(undefined),
    )
    expect(parseAll(wholeNumberFrom(1, 10), ['1', '10', '007'])).toEqual([1, 10, 7])
    expect(parseAll(wholeNumberFrom(1, 10), ['0', '11', '1.0', '0x3', ''])).toEqual(Array(5).fill(undefined))
  })

  test('oneOf: exactly one of the words', () => {
    expect(parseAll(oneOf(['low', 'high']), ['low', 'Low', '', 'toString'])).toEqual([
      'low',
      undefined,
      undefined,
      undefined,
    ])
  })

  test('quote: one short line', () => {
    expect(quote('a\u001b[31m\nb')).toBe("'a [31m b'")
    expect(quote('x'.repeat(500)).length).toBeLessThan(90)
  })
})
