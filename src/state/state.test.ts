import { describe, expect, test } from 'bun:test'
import { buildFeatures } from '../features.ts'
import { learn } from '../learn.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { testRun } from '../logs/test-run-fixture.ts'
import { createRandom } from '../math/random.ts'
import { run } from '../run.ts'
import { DEFAULT_SETTINGS, type State } from '../types.ts'
import { mergeStates } from './merge.ts'
import { parseState, StateError } from './parse.ts'
import { renderState } from './render.ts'

const stateOf = async (seed: number): Promise<State> => (await run(testRun(seed)))!.state!
const broken = await run(
  testRun(2, ({ endpoint }) => (endpoint === 'POST /checkout' ? { status: 503 } : {})),
  { baseline: testRun(1) },
)
const main: State = {
  ...broken.state!,
  source: { name: 'api.csv (3000 rows)', branch: 'main', commit: 'abc1234', runId: 7, time: 1_772_409_600_000 },
}

describe('a state', () => {
  test('is the same after it was written and read', () => {
    expect(main.incidents).toHaveLength(1)
    const read = parseState(renderState(main))
    expect(renderState(read)).toBe(renderState(main))
    expect(read.baseline).toEqual(main.baseline)
    expect(read.source).toEqual(main.source)
    expect(read.unfit).toBe('it brought 1 critical or high incident')
    expect(read.incidents[0].actual).toBeCloseTo(main.incidents[0].actual, 5)
  })

  test('of which little is known, too', async () => {
    const { state } = await run(buildLogs([{ status: null, durationMs: Number.NaN }]))
    const read = parseState(renderState(state!))
    expect(read).toEqual(state!)
  })

  test('holds no NaN and no request', () => {
    expect(renderState(main)).not.toMatch(/NaN|Infinity|row \d/)
  })

  test('of 400 endpoints in 12 regions is smaller than 1 MB', async () => {
    const random = createRandom(1)
    const rows = Array.from({ length: 200_000 }, (_, i) => ({
      time: i * 400,
      service: `service-${Math.floor(random() * 40)}`,
      endpoint: `GET /v1/resource-number-${Math.floor(random() * 400)}/items/{id}`,
      region: `region-${Math.floor(random() * 12)}`,
      durationMs: 100 * (0.2 + random()) * (0.2 + random()) * (1 + 4 * random()),
      bytes: Math.floor(20_000 * random() * random()),
    }))
    // An endpoint belongs to one service, and answers in its own way.
    const body = (name: string) => Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`field${i}of${name}`, [i]]))
    const bodies = new Map(rows.map(({ endpoint }) => [endpoint, body(endpoint.slice(24, 27))]))
    const own = rows.map((row) => ({
      ...row,
      service: `service-${row.endpoint.length}`,
      body: bodies.get(row.endpoint),
    }))
    const baseline = learn(buildFeatures(buildLogs(own), null, DEFAULT_SETTINGS), [], null)
    expect(baseline.cells.rows).toBe(4800)
    const bytes = Buffer.byteLength(renderState({ ...main, baseline }))
    expect(bytes).toBeLessThan(1_000_000)
    expect(bytes).toBeGreaterThan(100_000)
    expect(baseline.endpoints.filter(({ fields }) => fields.length > 0).length).toBeGreaterThan(300)
  })
})

/** A state with fields, a piece of which was changed. */
function withFields(from: string, to: string): string {
  const fields = [{ name: 'total', types: { number: 9 }, empty: 0 }]
  const [first, ...rest] = main.baseline.endpoints
  const baseline = { ...main.baseline, endpoints: [{ ...first, bodies: 9, fields }, ...rest] }
  const [head, tail] = renderState({ ...main, baseline }).split('"fields": ')
  expect(tail).toContain(from)
  return `${head}"fields": ${tail.replace(from, to)}`
}

describe('a text that is no state', () => {
  test.each([
    ['', 'must be JSON'],
    ['[]', 'must be object'],
    ['{}', "must have required property 'schema'"],
    [renderState(main).replace('state@1', 'state@2'), '/schema must be equal to constant'],
    [renderState(main).replace(/"runId": ?7|"runId":7/, '"runId":"7"'), '/source/runId must be integer,null'],
    [renderState(main).replace('"requests":[', '"requests":[1,'), 'its columns must have equal lengths'],
    [withFields('"endpoint":[0', '"endpoint":[99'), 'its columns must have equal lengths'],
    [withFields('"empty":[0', '"empty":[0,0'), 'its columns must have equal lengths'],
    [renderState(main).replace('"first":', '"first":4000,"last":'), 'a histogram must end at bin'],
    [renderState(main).replace('"category":"error_spike"', '"category":"<script>"'), '/incidents/0/category'],
  ])('is refused: %.20s', (text, fault) => {
    expect(() => parseState(text)).toThrow(StateError)
    expect(() => parseState(text)).toThrow(fault)
  })

  test('is refused or read, whatever was changed in it, and breaks no run', async () => {
    const text = renderState(main)
    const random = createRandom(3)
    const pull = testRun(9, undefined, 300)
    let read = 0
    for (let i = 0; i < 300; i++) {
      const at = Math.floor(random() * text.length)
      const pieces = ['9', '-1', '""', 'null', '}', '[', '1e9', '0.5', '\\u0000']
      const changed = text.slice(0, at) + pieces[i % pieces.length] + text.slice(at + Math.floor(random() * 3))
      let state: State
      try {
        state = parseState(changed)
      } catch (error) {
        expect(error).toBeInstanceOf(StateError)
        continue
      }
      if (read++ % 10 === 0) expect((await run(pull, { baseline: state })).comparison).not.toBeNull()
    }
    expect(read).toBeGreaterThan(20)
  })
})

describe('merged states', () => {
  test('are one alone', () => {
    expect(mergeStates([main])).toBe(main)
  })

  test('count what all counted, in any order', async () => {
    const [a, b] = [await stateOf(11), await stateOf(12)]
    const merged = mergeStates([a, b])
    const sum = (state: State, endpoint: string) => {
      const { dimensions, counts } = state.baseline.cells
      const code = dimensions.endpoint.values.indexOf(endpoint)
      return counts.requests.reduce((total, n, row) => total + (dimensions.endpoint.codes[row] === code ? n : 0), 0)
    }
    for (const endpoint of ['GET /cart', 'POST /checkout'])
      expect(sum(merged, endpoint)).toBe(sum(a, endpoint) + sum(b, endpoint))
    expect(merged.baseline.rows).toBe(6000)
    expect(mergeStates([b, a]).baseline.usual.get('GET /cart')).toEqual(merged.baseline.usual.get('GET /cart')!)
    expect(merged.baseline.traffic.requests.reduce((x, y) => x + y, 0)).toBe(6000)
    expect(parseState(renderState(merged)).baseline.rows).toBe(6000)
  })

  test('are of the newest source, unfit if one is, and have each incident once, as it was worst', async () => {
    const healthy = await stateOf(11)
    const milder = { ...main, incidents: main.incidents.map((incident) => ({ ...incident, severity: 'low' as const })) }
    const merged = mergeStates([healthy, milder, main])
    expect(merged.source).toMatchObject({ commit: 'abc1234', name: expect.stringContaining('api.csv') })
    expect(merged.unfit).toContain('it brought')
    expect(merged.incidents.map(({ severity }) => severity)).toEqual([main.incidents[0].severity])
  })

  test('far apart keep the traffic of the later one', async () => {
    const [a, b] = [await stateOf(11), await stateOf(12)]
    const year = 365 * 86_400_000
    const later = {
      ...b,
      baseline: {
        ...b.baseline,
        start: b.baseline.start + year,
        end: b.baseline.end + year,
        traffic: { ...b.baseline.traffic, startMs: b.baseline.traffic.startMs + year },
      },
    }
    expect(mergeStates([a, later]).baseline.traffic).toEqual(later.baseline.traffic)
  })
})
