import { describe, expect, test } from 'bun:test'
import { buildLogs, type FixtureRow } from '../logs/log-fixture.ts'
import { createRandom, type Random } from '../math/random.ts'
import { type LogTable, PAYLOAD } from '../types.ts'
import { flagBrokenContracts } from './contracts.ts'
import { buildEndpointFacts } from './endpoint-facts.ts'

type Body = Record<string, unknown> | unknown[] | string
const answers = (count: number, body: (i: number) => Body, more: (i: number) => FixtureRow = () => ({})) =>
  buildLogs(
    Array.from(
      { length: count },
      (_, i): FixtureRow => ({
        time: i * 1000,
        endpoint: 'GET /orders',
        body: body(i),
        ...more(i),
      }),
    ),
  ).table

const ORDER = { id: 1, total: 9.5, items: [1], note: null }
const usual = answers(5_000, () => ORDER)
const flag = (now: LogTable, before: LogTable) => flagBrokenContracts(now, buildEndpointFacts(before)).table

/** How many answers have which reason. */
function reasons(now: LogTable, before: LogTable = usual): Record<string, number> {
  const table = flag(now, before)
  const counts = new Map<string, number>()
  for (let row = 0; row < table.rows; row++) {
    if (table.payload[row] !== PAYLOAD.invalid) continue
    const reason = table.reasons[table.reason[row]]
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return Object.fromEntries(counts)
}
const inPart =
  (part: number, odd: Body): ((i: number) => Body) =>
  (i) =>
    i % 100 < part * 100 ? odd : ORDER

describe('an answer breaks its contract', () => {
  const { total: _, ...withoutTotal } = ORDER
  test.each<[string, Body, string]>([
    ['without a field', withoutTotal, 'field `total` missing (0 of 5,000 before)'],
    ['with another type', { ...ORDER, id: '1' }, 'field `id` is a string (0 of 5,000 before)'],
    ['with null', { ...ORDER, total: null }, 'field `total` is null (0 of 5,000 before)'],
    ['with an empty array', { ...ORDER, items: [] }, 'field `items` is an empty array (0 of 5,000 before)'],
    ['as a list', [ORDER], 'answer is a list (0 of 5,000 before)'],
    ['as a page', '<!doctype html><p>', 'answer is HTML (0 of 5,000 before)'],
  ])('%s', (__, odd, reason) => {
    expect(reasons(answers(1_000, inPart(0.31, odd)))).toEqual({ [reason]: 310 })
  })

  test('as an empty list where lists never were', () => {
    const before = answers(1_000, () => [ORDER])
    const now = answers(1_000, (i) => (i % 3 === 0 ? [] : [ORDER]))
    expect(reasons(now, before)).toEqual({ 'answer is an empty list (0 of 1,000 before)': 334 })
  })

  test('for the reason that most answers share', () => {
    const now = answers(1_000, (i) => (i % 10 === 0 ? { id: 1 } : i % 10 === 1 ? withoutTotal : ORDER))
    expect(reasons(now)).toEqual({ 'field `total` missing (0 of 5,000 before)': 200 })
  })

  test('as a page even when all do: that is never meant', () => {
    expect(reasons(answers(200, () => '<html>'))).toEqual({ 'answer is HTML (0 of 5,000 before)': 200 })
  })

  test('and leaves the log as it was', () => {
    const now = answers(1_000, inPart(0.31, withoutTotal))
    expect(flag(now, usual).reasons.length).toBe(2)
    expect(now.reasons).toEqual([''])
    expect(now.payload.includes(PAYLOAD.invalid)).toBe(false)
  })
})

describe('no contract is broken', () => {
  const nothing = (now: LogTable, before: LogTable = usual) => {
    expect(flag(now, before)).toBe(now)
  }

  test('by a field that half of the answers had', () => {
    const half = answers(5_000, (i) => (i % 2 === 0 ? { ...ORDER, coupon: 'x' } : ORDER))
    nothing(
      answers(1_000, () => ORDER),
      half,
    )
  })

  test('by a field that had both types', () => {
    const both = answers(5_000, (i) => ({ id: i % 5 === 0 ? '1' : 1 }))
    nothing(
      answers(1_000, () => ({ id: '1' })),
      both,
    )
  })

  test('by arrays that were empty at times', () => {
    const atTimes = answers(5_000, (i) => ({ items: i % 20 === 0 ? [] : [1] }))
    nothing(
      answers(1_000, (i) => ({ items: i % 3 === 0 ? [] : [1] })),
      atTimes,
    )
  })

  test('of an endpoint with ten answers before', () => {
    const few = answers(10, () => ORDER)
    nothing(answers(1_000, inPart(0.31, {})), few)
  })

  test('of an endpoint that was not there before', () => {
    nothing(
      answers(
        1_000,
        () => ({}),
        () => ({ endpoint: 'GET /new' }),
      ),
    )
  })

  test('by four answers', () => {
    nothing(answers(1_000, (i) => (i < 4 ? {} : ORDER)))
  })

  test('by as many as before', () => {
    const rare = (odd: number) => answers(10_000, (i) => (i % 10_000 < odd ? {} : ORDER))
    nothing(rare(12), rare(8))
  })

  test('when nearly all answers have a new form', () => {
    nothing(answers(1_000, inPart(0.95, { id: 'x' })))
  })

  test('when nearly all answers of a version have a new form', () => {
    const isNew = (i: number) => i % 10 === 0
    nothing(
      answers(
        1_000,
        (i) => (isNew(i) ? { id: 'x' } : ORDER),
        (i) => ({ version: isNew(i) ? '2' : '1' }),
      ),
    )
  })

  test('in answers that are no 2xx, or failures anyway', () => {
    nothing(
      answers(
        1_000,
        () => ({}),
        () => ({ status: 404 }),
      ),
    )
    const failed = answers(1_000, inPart(0.3, {}), (i) => (i % 100 < 30 ? { invalid: 'body has "error"' } : {}))
    expect(reasons(failed)).toEqual({ 'body has "error"': 300 })
  })
})

test('a version that breaks it in part is told, though another has a new form', () => {
  const now = answers(
    2_000,
    (i) => (i % 2 === 0 ? { id: 'x' } : i % 20 === 1 ? { ...ORDER, total: null } : ORDER),
    (i) => ({ version: i % 2 === 0 ? '2' : '1' }),
  )
  expect(reasons(now)).toEqual({ 'field `total` is null (0 of 5,000 before)': 100 })
})

test('reasons that find no room are told as one', () => {
  const fields = Array.from({ length: 90 }, (_, i) => `field${i}`)
  const rows = (missing: boolean) =>
    [0, 1, 2, 3].flatMap((e) =>
      Array.from({ length: 90 * 30 }, (_, i): FixtureRow => {
        const own = missing && i % 2 === 0 ? fields.filter((_, f) => f !== (i / 2) % 90) : fields
        return { endpoint: `GET /${e}`, body: Object.fromEntries(own.map((name) => [`${name}of${e}`, 1])) }
      }),
    )
  const table = flag(buildLogs(rows(true)).table, buildLogs(rows(false)).table)
  expect(table.reasons.length).toBe(256)
  expect(table.reasons[255]).toBe('another field or form than before')
  expect(table.payload.filter((payload) => payload === PAYLOAD.invalid).length).toBe(4 * 1_350)
})

/** An endpoint's own way of answering: fields that are always there, optional, null, of two types, at times empty. */
function drawEndpoint(random: Random): (random: Random) => Body {
  const shareOf = () => (random() < 0.3 ? random() * 0.002 : random())
  const fields = Array.from({ length: 1 + Math.floor(random() * 12) }, (_, i) => ({
    name: `field${i}`,
    missing: random() < 0.5 ? 0 : shareOf(),
    isNull: random() < 0.7 ? 0 : shareOf(),
    isText: random() < 0.8 ? 0 : shareOf(),
    isEmpty: shareOf() / 10,
    isArray: random() < 0.3,
  }))
  const empty = random() < 0.8 ? 0 : shareOf()
  const isList = random() < 0.2
  return (draw) => {
    if (isList) return draw() < empty ? [] : [{}]
    const body: Record<string, unknown> = {}
    for (const field of fields) {
      if (draw() < field.missing) continue
      const other = field.isArray ? (draw() < field.isEmpty ? [] : [1]) : 1
      body[field.name] = draw() < field.isNull ? null : draw() < field.isText ? 'x' : other
    }
    return body
  }
}

test('120 pairs of logs that answer alike break nothing', () => {
  const flagged: number[] = []
  for (let seed = 0; seed < 120; seed++) {
    const random = createRandom(seed)
    const endpoints = Array.from({ length: 8 }, () => drawEndpoint(random))
    const draw = (count: number) =>
      buildLogs(
        Array.from({ length: count }, (): FixtureRow => {
          // Some endpoints are called a hundred times as often as others.
          const at = Math.floor(random() ** 3 * endpoints.length)
          return { endpoint: `GET /${at}`, body: endpoints[at](random) }
        }),
      ).table
    const [before, now] = [draw(500 + Math.floor(random() * 3_000)), draw(500 + Math.floor(random() * 3_000))]
    if (flag(now, before) !== now) flagged.push(seed)
  }
  expect(flagged).toEqual([])
})
