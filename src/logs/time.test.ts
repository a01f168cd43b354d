import { describe, expect, test } from 'bun:test'
import { createTimeParser } from './time.ts'

const parse = (value: string | number, zone = 'UTC') => createTimeParser(zone).parse(value)
const at = (iso: string) => Date.parse(iso)

describe('createTimeParser', () => {
  test.each([
    ['2024-02-29T10:05:03Z', '2024-02-29T10:05:03Z'],
    ['2024-02-29T10:05:03.250Z', '2024-02-29T10:05:03.250Z'],
    ['2024-02-29 10:05:03,250', '2024-02-29T10:05:03.250Z'],
    ['2024/02/29 10:05:03', '2024-02-29T10:05:03Z'],
    ['2024-02-29T10:05', '2024-02-29T10:05:00Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
    ['2024-02-29T10:05:03+05:30', '2024-02-29T04:35:03Z'],
    ['2024-02-29T10:05:03-0800', '2024-02-29T18:05:03Z'],
    ['2024-02-29 10:05:03 +0000 UTC', '2024-02-29T10:05:03Z'],
    [' 2024-02-29 10:05:03 UTC ', '2024-02-29T10:05:03Z'],
    ['17/May/2015:10:05:03 +0200', '2015-05-17T08:05:03Z'],
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['1715940303', '2024-05-17T10:05:03Z'],
    ['1715940303.5', '2024-05-17T10:05:03.500Z'],
    [1715940303, '2024-05-17T10:05:03Z'],
    [1715940303250, '2024-05-17T10:05:03.250Z'],
    ['1715940303250000', '2024-05-17T10:05:03.250Z'],
    ['1715940303250000000', '2024-05-17T10:05:03.250Z'],
  ])('reads %p', (value, iso) => {
    expect(parse(value)).toBe(at(iso))
  })

  test.each([
    '',
    'yesterday',
    '2023-02-29T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T10:60:00Z',
    '2024-01-01T10:00:00Q',
    '2024-01-01T10:00:00+99:00',
    '1850-01-01T00:00:00Z',
    '2150-01-01T00:00:00Z',
    '42',
    '20240517',
    '32/May/2015:10:05:03 +0000',
    '17/Foo/2015:10:05:03 +0000',
    '2024-01/01T10:00:00Z',
  ])('refuses %p', (value) => {
    expect(parse(value)).toBeNaN()
  })

  test('keeps fractions below a millisecond', () => {
    expect(parse('2024-05-17T10:05:03.123456789Z') - at('2024-05-17T10:05:03.123Z')).toBeCloseTo(0.456789, 3)
  })

  test('counts times without a zone and reads them in the given one', () => {
    const parser = createTimeParser('Europe/Berlin')
    expect(parser.parse('2024-01-15 12:00:00')).toBe(at('2024-01-15T11:00:00Z'))
    expect(parser.parse('2024-07-15 12:00:00')).toBe(at('2024-07-15T10:00:00Z'))
    expect(parser.parse('15/Jul/2024:12:00:00')).toBe(at('2024-07-15T10:00:00Z'))
    expect(parser.parse('2024-07-15 12:00:00Z')).toBe(at('2024-07-15T12:00:00Z'))
    expect(parser.zoneless).toBe(3)
  })

  test('reads the hour that autumn repeats twice, by the order of the lines', () => {
    const parser = createTimeParser('Europe/Berlin')
    const clock = ['01:50', '02:00', '02:30', '02:59', '02:00', '02:30', '02:29', '02:59', '03:00']
    const utc = clock.map((time) => new Date(parser.parse(`2024-10-27 ${time}:00`)).toISOString().slice(11, 16))
    expect(utc).toEqual(['23:50', '00:00', '00:30', '00:59', '01:00', '01:30', '01:29', '01:59', '02:00'])
  })

  test('reads the hour that spring skips with the offset before it', () => {
    expect(parse('2024-03-31 01:59:59', 'Europe/Berlin')).toBe(at('2024-03-31T00:59:59Z'))
    expect(parse('2024-03-31 02:30:00', 'Europe/Berlin')).toBe(at('2024-03-31T01:30:00Z'))
    expect(parse('2024-03-31 03:00:00', 'Europe/Berlin')).toBe(at('2024-03-31T01:00:00Z'))
  })

  test('knows zones whose offset changes by half an hour', () => {
    expect(parse('2024-01-15 12:00:00', 'Australia/Lord_Howe')).toBe(at('2024-01-15T01:00:00Z'))
    expect(parse('2024-07-15 12:00:00', 'Australia/Lord_Howe')).toBe(at('2024-07-15T01:30:00Z'))
  })

  test('every third of an hour of a year maps back to its wall clock', () => {
    const parser = createTimeParser('America/New_York')
    const clock = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'America/New_York',
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    for (let utc = Date.UTC(2024, 0, 1); utc < Date.UTC(2025, 0, 1); utc += 1_200_000) {
      if (parser.parse(clock.format(utc)) !== utc) expect.unreachable(clock.format(utc))
    }
  })

  test('refuses an unknown zone', () => {
    expect(() => createTimeParser('Mars/Olympus')).toThrow(RangeError)
  })
})
