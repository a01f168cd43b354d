import { describe, expect, test } from 'bun:test'
import { decide } from '../decide.ts'
import { buildGrid } from '../features/grid.ts'
import { drawUnitGamma } from '../logs/generate-draw.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import type { Finding, ShareEvidence, ShareFindings, ShareMetric, Slice } from '../types.ts'
import { buildCalendar } from './calendar.ts'
import { listIntervals } from './intervals.ts'
import { SHARE_KINDS } from './kinds.ts'
import { createShareSubject } from './share-input.ts'
import { detectShares } from './shares.ts'

const HOUR = 3_600_000
const calendarOf = (hours: number) =>
  buildCalendar(buildGrid(buildLogs([{}, { time: hours * HOUR - 1 }]).table, HOUR).grid)

/** Bad and all requests of window w. */
type Draw = (w: number) => readonly [bad: number, total: number]
const quiet: Draw = () => [0, 100]

/** The whole and its regions, which are all that it is made of. */
function detect(hours: number, regions: readonly Draw[], options: DetectOptions = {}): ShareFindings {
  const { metric = 'silent_failure_share', baselines } = options
  const parts = regions.map((draw) => Array.from({ length: hours }, (_, w) => draw(w)))
  const sum = (column: 0 | 1) =>
    Uint32Array.from({ length: hours }, (_, w) => parts.reduce((n, part) => n + part[w][column], 0))
  const series = [
    { bad: sum(0), total: sum(1) },
    ...parts.map((part) => ({ bad: Uint32Array.from(part, ([k]) => k), total: Uint32Array.from(part, ([, n]) => n) })),
  ]
  const slices = series.map(({ total }, i): Slice => {
    const requests = total.reduce((n, m) => n + m, 0)
    return i === 0
      ? { scope: {}, level: 0, requests, parents: [] }
      : { scope: { region: `r${i}` }, level: 1, requests, parents: [0] }
  })
  const all = baselines?.reduce((a, b) => ({ bad: a.bad + b.bad, total: a.total + b.total })) ?? null
  const inputs = series.map((own, i) => ({ series: own, baseline: i === 0 ? all : (baselines?.[i - 1] ?? null) }))
  const calendar = calendarOf(hours)
  return detectShares(createShareSubject({ kind: SHARE_KINDS[metric], slices, inputs, calendar }))
}
interface DetectOptions {
  readonly metric?: ShareMetric
  /** What each region did in the baseline log. */
  readonly baselines?: readonly ShareEvidence[]
}

const significant = ({ findings, tests }: ShareFindings): Finding[] => {
  const { isSignificant } = decide(tests, 0.005)
  return findings.filter(isSignificant).sort((a, b) => a.logP - b.logP)
}

describe('how much is evidence', () => {
  const once =
    (bad: number, total: number): Draw =>
    (w) =>
      w === 20 ? [bad, total] : [0, 0]
  const clean = (total: number) => ({ baselines: [{ bad: 0, total }] })

  test('3 bad of 4 is none', () => {
    expect(detect(48, [once(3, 4)], clean(10_000)).findings).toEqual([])
  })

  test('12 bad of 12 is', () => {
    expect(significant(detect(48, [once(12, 12)], clean(10_000)))[0]).toMatchObject({ actual: 1, support: 12 })
  })

  test('5 of 5,000 is when 100,000 were clean, and is none when one in a thousand is usual', () => {
    expect(significant(detect(48, [once(5, 5000)], clean(100_000)))[0]).toMatchObject({ support: 5000 })
    expect(detect(48, [once(5, 5000)], { baselines: [{ bad: 100, total: 100_000 }] }).findings).toEqual([])
  })

  test('a burst in a log without a baseline is found where it is', () => {
    const burst: Draw = (w) => (w >= 30 && w < 32 ? [40, 100] : [w % 3 === 0 ? 1 : 0, 100])
    const [strongest] = significant(detect(100, [burst, quiet, quiet]))
    expect(strongest).toMatchObject({ slice: 1, from: 30, to: 32, actual: 0.4, support: 200, detector: 'silent' })
    expect(strongest.expected).toBeLessThan(0.01)
  })

  test('a slow rise over hours is found by its sum', () => {
    const rise: Draw = (w) => [w >= 120 && w < 136 ? 5 : 1, 100]
    const found = significant(detect(336, [rise, quiet], { metric: 'server_error_share' }))
    expect(found[0].slice).toBe(1)
    expect(found.filter(({ from, to }) => to - from < 4)).toEqual([])
  })

  test('a small fault is seen beside a great one, which teaches nothing of what is usual', () => {
    const both: Draw = (w) =>
      w >= 20 && w < 50 ? [90, 100] : w === 70 || w === 71 ? [8, 100] : [w % 20 === 0 ? 1 : 0, 100]
    const found = significant(detect(336, [both, quiet], { metric: 'server_error_share' }))
    expect(found.some(({ slice, from, to }) => slice === 1 && from === 70 && to === 72)).toBe(true)
  })

  test('nothing bad is nothing found', () => {
    expect(detect(100, [quiet, quiet]).findings).toEqual([])
  })
})

describe('what recurs is usual', () => {
  const random = createRandom(21)
  const drawBad = (share: number, total = 200): readonly [number, number] => {
    let bad = 0
    for (let i = 0; i < total; i++) if (random() < share) bad++
    return [bad, total]
  }

  test('a batch job that fails at three every night', () => {
    const nightly: Draw = (w) => drawBad(w % 24 === 3 ? 0.2 : 0.01)
    expect(significant(detect(8 * 24, [nightly, quiet], { metric: 'server_error_share' }))).toEqual([])
  })

  test('but not the same in one night only', () => {
    const oneNight: Draw = (w) => drawBad(w === 4 * 24 + 3 ? 0.2 : 0.01)
    expect(significant(detect(8 * 24, [oneNight, quiet], { metric: 'server_error_share' }))[0]).toMatchObject({
      slice: 1,
      from: 99,
      to: 100,
    })
  })

  test('a report that fails on Sundays', () => {
    const weekly: Draw = (w) => drawBad(w % 168 === 6 * 24 + 2 ? 0.3 : 0.01)
    expect(significant(detect(4 * 168, [weekly, quiet], { metric: 'server_error_share' }))).toEqual([])
  })

  test('but not the same on one Sunday of four', () => {
    const oneSunday: Draw = (w) => drawBad(w === 168 + 6 * 24 + 2 ? 0.3 : 0.01)
    expect(significant(detect(4 * 168, [oneSunday, quiet], { metric: 'server_error_share' }))[0]).toMatchObject({
      slice: 1,
      from: 168 + 146,
    })
  })
})

describe('what stands from the first row to the last', () => {
  const broken: Draw = () => [30, 100]

  test('is found against siblings, where it is a fault wherever it stands', () => {
    const found = significant(detect(60, [broken, quiet, quiet, quiet]))
    expect(found.some(({ slice, from, to }) => slice === 1 && from === 0 && to === 60)).toBe(true)
  })

  test('is how it is, for an error that may be this region’s custom', () => {
    expect(significant(detect(60, [broken, quiet, quiet, quiet], { metric: 'client_error_share' }))).toEqual([])
  })

  test('is found against the baseline log, and only there', () => {
    const usual = { bad: 2, total: 6000 }
    const found = significant(detect(60, [broken, quiet], { baselines: [usual, usual], metric: 'server_error_share' }))
    expect(found.some(({ slice, from, to }) => slice === 1 && from === 0 && to === 60)).toBe(true)
    expect(new Set(found.map(({ slice }) => slice))).toEqual(new Set([0, 1]))
  })

  test('is nothing new when the baseline log has it too', () => {
    const baselines = [
      { bad: 1800, total: 6000 },
      { bad: 2, total: 6000 },
    ]
    expect(detect(60, [broken, quiet], { baselines }).findings).toEqual([])
  })
})

const ERRORS = { metric: 'server_error_share' } as const

describe('what lasts', () => {
  const random = createRandom(57)
  const draw = (share: number, total: number) => {
    const wandering = Math.min(1, share * drawUnitGamma(random, 3))
    let bad = 0
    for (let i = 0; i < total; i++) if (random() < wandering) bad++
    return [bad, total] as const
  }

  test('is found although it teaches the spread that hides it', () => {
    const shifts: Draw = (w) => draw(w >= 240 ? 0.02 : 0.004, 60)
    const found = significant(detect(336, [shifts, () => draw(0.004, 90), () => draw(0.004, 40)], ERRORS))
    expect(found.some(({ slice, from, to }) => slice === 1 && from >= 208 && to - from >= 48)).toBe(true)
  })

  test('is no finding when it comes back every few days', () => {
    const bursts: Draw = (w) => draw(Math.floor(w / 48) % 3 === 2 ? 0.02 : 0.004, 60)
    expect(significant(detect(336, [bursts, () => draw(0.004, 90), () => draw(0.004, 40)], ERRORS))).toEqual([])
  })

  test('is found where no interval has its length, and few blocks are left to tell how shares wander', () => {
    const shifts: Draw = (w) => draw(w >= 264 ? 0.017 : 0.004, 55)
    const isFound = () =>
      significant(detect(336, [shifts, () => draw(0.004, 90), () => draw(0.004, 40)], ERRORS)).some(
        ({ slice, from, to }) => slice === 1 && from >= 240 && to - from >= 48,
      )
    expect(Array.from({ length: 20 }, isFound).filter(Boolean).length).toBeGreaterThanOrEqual(14)
  })
})

describe('a slice that a baseline log knows little of', () => {
  const now =
    (bad: number): Draw =>
    (w) =>
      w < bad ? [1, 4] : [0, 4]
  const siblings: Draw = () => [0, 100]

  test('is held to what its siblings do', () => {
    const baselines = [
      { bad: 0, total: 250 },
      { bad: 4, total: 7500 },
    ]
    const found = significant(detect(48, [now(14), siblings], { baselines }))
    expect(found.some(({ slice, from, to }) => slice === 1 && to - from === 48)).toBe(true)
  })

  test('may be unlike them', () => {
    const baselines = [
      { bad: 13, total: 250 },
      { bad: 4, total: 7500 },
    ]
    expect(detect(48, [now(14), siblings], { baselines }).findings.filter(({ slice }) => slice === 1)).toEqual([])
    // Ten requests are too few to show that it is not.
    const few = [{ bad: 0, total: 10 }, baselines[1]]
    expect(significant(detect(48, [now(14), siblings], { baselines: few })).filter(({ slice }) => slice === 1)).toEqual(
      [],
    )
  })
})

describe('p-values', () => {
  const random = createRandom(31)
  const drawBinomial = (share: number, total: number): readonly [number, number] => {
    let bad = 0
    for (let i = 0; i < total; i++) if (random() < share) bad++
    return [bad, total]
  }
  const logistic = (x: number) => 1 / (1 + Math.exp(-x))
  const regions = (count: number, draw: (region: number) => Draw) => Array.from({ length: count }, (_, i) => draw(i))
  /** A beta-distributed share for each block of windows: 8 % give or take a third. */
  const wander = (length: number): Draw => {
    const shares: number[] = []
    return (w) => {
      const [a, b] = [10 * drawUnitGamma(random, 10), 115 * drawUnitGamma(random, 115)]
      shares[Math.floor(w / length)] ??= a / (a + b)
      return drawBinomial(shares[Math.floor(w / length)], 300)
    }
  }
  const backgrounds: [string, Draw[]][] = [
    ['constant shares', regions(40, (r) => () => drawBinomial(0.01 * (1 + r), 60))],
    ['rare faults', regions(40, () => () => drawBinomial(0.002, 150))],
    ['shares that wander by the hour', regions(40, () => wander(1))],
    ['shares that differ by the day', regions(40, () => wander(24))],
    [
      'shares with a daily season',
      regions(40, () => (w) => drawBinomial(logistic(-3 + Math.sin((w / 12) * Math.PI)), 60)),
    ],
    [
      'regions that come and go',
      regions(40, (r) => (w) => drawBinomial(0.05, 5 + Math.round(50 * (1 + Math.sin(w / 4 + r))))),
    ],
  ]

  test.each(backgrounds)('hold what they promise on %s', (_, draws) => {
    for (const metric of ['server_error_share', 'slow_share'] as const) {
      const found = detect(240, draws, { metric })
      const judged = found.tests.reduce((sum, test) => sum + test.judged, 0)
      for (const p of [1e-3, 1e-4]) {
        const rejected = found.findings.filter(({ logP }) => logP <= Math.log(p)).length
        // Intervals of two and more windows overlap: chance comes in clumps of three or so.
        expect(rejected).toBeLessThanOrEqual(1.5 * p * judged + 3)
      }
      let judgedBySelf = 0
      let rejected = 0
      for (const judge of found.judges) {
        for (const length of [1, 2, 8, 32]) {
          for (let from = 0; from + length <= 240; from += length) {
            const { bad, total, share, precision } = judge!.judge(from, from + length)
            if (found.logP(bad, total, share, precision, true) <= Math.log(0.01)) rejected++
            judgedBySelf++
          }
        }
      }
      expect(rejected).toBeLessThanOrEqual(1.5 * 0.01 * judgedBySelf)
    }
  })

  test('are of the size that a simulation finds', () => {
    const { logP } = detect(48, [quiet])
    const [total, share, precision] = [40, 0.2, 30]
    const counts = new Float64Array(total + 1)
    const draws = 40_000
    for (let i = 0; i < draws; i++) {
      // Pólya's urn draws from the beta-binomial.
      let bad = 0
      for (let n = 0; n < total; n++) if (random() < (share * precision + bad) / (precision + n)) bad++
      counts[bad]++
    }
    for (const bad of [9, 14, 18]) {
      const simulated = counts.subarray(bad).reduce((sum, count) => sum + count, 0) / draws
      const exact = Math.exp(logP(bad, total, share, precision, true))
      expect(Math.abs(simulated - exact)).toBeLessThan(4 * Math.sqrt(exact / draws))
    }
  })
})

describe('a slice that was born late', () => {
  test('averages out over its life, not over the time before', () => {
    // Restless from hour to hour: what a day averages out, an hour does not.
    const restless: Draw = (w) => [(w * 37) % 11 < 4 ? 30 : 1, 300]
    const born = 24 * 6 + 20
    const late: Draw = (w) => (w < born ? [0, 0] : restless(w))
    const { judges } = detect(24 * 10, [late, restless, restless], { metric: 'server_error_share' })
    const precisionOf = (slice: number, from: number, to: number) => judges[slice]!.judge(from, to).precision
    expect(precisionOf(1, born - 60, born + 4)).toBeCloseTo(precisionOf(1, born, born + 4), 6)
    expect(precisionOf(2, born - 60, born + 4)).toBeGreaterThan(1.5 * precisionOf(2, born, born + 4))
  })
})

describe('many tests', () => {
  test('are all counted, one for each interval with enough requests', () => {
    const { tests } = detect(64, [quiet, () => [0, 1]])
    // The whole log is one more; one request a window is enough from eight windows on, where the least is five.
    const intervals = listIntervals(64, 32)
    const each = intervals.length + 1
    const long = intervals.filter(({ from, to }) => to - from >= 5).length + 1
    const counted = (level: number) => tests.reduce((sum, test) => sum + (test.level === level ? test.judged : 0), 0)
    expect([0, 1, 2].map(counted)).toEqual([each, each + long, 0])
    const single = tests.filter(({ level, octave }) => level === 0 && octave === 0)
    expect(single.map(({ judged }) => judged)).toEqual([64])
  })

  test('of a slice that has nothing to judge are none', () => {
    const slices: Slice[] = [{ scope: {}, level: 0, requests: 5, parents: [] }]
    const calendar = calendarOf(24)
    const found = detectShares(createShareSubject({ kind: SHARE_KINDS.slow_share, slices, inputs: [null], calendar }))
    expect(found.judges).toEqual([null])
    expect(found.tests.every(({ judged }) => judged === 0)).toBe(true)
  })
})
