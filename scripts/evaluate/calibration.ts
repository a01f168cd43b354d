/**
 * Are the detectors' p-values what they say? Two views of clean runs: randomised p-values of a seeded sample of tests,
 * judged directly, and the findings that the detectors themselves kept, over the tests that they counted.
 */
import { decide, FALSE_ALARMS_PER_RUN } from '../../src/decide.ts'
import { listIntervals } from '../../src/detect/intervals.ts'
import { detect } from '../../src/detect.ts'
import { buildFeatures } from '../../src/features.ts'
import { createRandom, type Random } from '../../src/math/random.ts'
import { run } from '../../src/run.ts'
import {
  DEFAULT_SETTINGS,
  type Detected,
  type Features,
  type Finding,
  type Metric,
  type ShareFindings,
  type TrafficForecast,
  type WindowGrid,
} from '../../src/types.ts'
import type { Play } from './play.ts'

/** Nominal levels, laxest first. */
export const LEVELS: readonly number[] = [1e-1, 1e-2, 1e-3, 1e-4]
/** Detectors keep findings from here on; see KEEP_LOG_P in src/detect. */
const KEPT_FROM = 1e-3
/** Tests judged directly, per metric and run: with fewer, chance alone moves what is counted at 1e-4 by a third and more. */
const SAMPLED_TESTS = 12_000
/** As the detectors: fewer requests are not judged, nor is a fall when fewer were expected; see src/detect/shares.ts. */
const FEWEST_REQUESTS = 5
const FEWEST_EXPECTED = 8
/** As src/detect/shares.ts: half of the log is the longest interval. */
const LONGEST_PART = 0.5
/** γ at which false rejections are counted: a log then has one expected false alarm. */
const COUNTED_GAMMA = 1
/** The held-out band: half a per cent on each side. */
const BAND_LOG_P = Math.log(0.005)

/** How many of so many tests fell at or below each of the LEVELS. */
export interface Exceedances {
  readonly tests: number
  readonly below: readonly number[]
}

export interface Coverage {
  readonly windows: number
  readonly inside: number
}

/** What one clean run tells. */
export interface CalibrationRun {
  /** By metric: randomised p-values of the sample. */
  readonly sampled: ReadonlyMap<Metric, Exceedances>
  /** By metric: the detectors' own findings; levels above KEPT_FROM are not known and stay 0. */
  readonly findings: ReadonlyMap<Metric, Exceedances>
  /** Significant findings at γ = 1 and at the default, by metric. */
  readonly rejections: ReadonlyMap<Metric, number>
  readonly rejectionsByDefault: number
  /** Of the 99 % band; null when the whole's traffic was not judged. */
  readonly coverage: {
    readonly byForecast: boolean
    readonly all: Coverage
    readonly quietest: Coverage
    readonly busiest: Coverage
  } | null
}

export async function calibrate({ logs, baseline }: Play, seed: number): Promise<CalibrationRun> {
  const settings = { ...DEFAULT_SETTINGS, seed }
  const learnt = baseline === null ? null : (await run(baseline, settings)).state
  const features = buildFeatures(logs, learnt?.baseline ?? null, settings)
  const found = await detect(features, logs, settings)
  const random = createRandom(seed)
  const { grid } = features

  const sampled = new Map<Metric, Exceedances>()
  for (const [metric, shares] of found.shares) sampled.set(metric, sampleShares(shares, grid, [true], random))
  sampled.set('traffic_share', sampleShares(found.trafficShares.byParent[0], grid, [true, false], random))
  if (found.forecast.judged) sampled.set('requests', sampleTraffic(found.forecast, features, random))

  const all = listFindings(found)
  const findings = new Map<Metric, Exceedances>()
  for (const { metric, judged } of found.tests) {
    const own = all.filter((finding) => finding.metric === metric)
    const before = findings.get(metric)?.tests ?? 0
    const below = LEVELS.map((level) =>
      level > KEPT_FROM ? 0 : own.filter(({ logP }) => logP <= Math.log(level)).length,
    )
    findings.set(metric, { tests: before + judged, below })
  }
  const counted = decide(found.tests, COUNTED_GAMMA)
  const usual = decide(found.tests, FALSE_ALARMS_PER_RUN.normal)
  const rejections = new Map<Metric, number>()
  for (const finding of all) {
    if (counted.isSignificant(finding)) rejections.set(finding.metric, (rejections.get(finding.metric) ?? 0) + 1)
  }
  return {
    sampled,
    findings,
    rejections,
    rejectionsByDefault: all.filter((finding) => usual.isSignificant(finding)).length,
    coverage: found.forecast.judged ? measureCoverage(found.forecast, features) : null,
  }
}

function listFindings({ shares, forecast, trafficShares, outliers }: Detected): Finding[] {
  return [
    ...[...shares.values()].flatMap(({ findings }) => findings),
    ...forecast.findings,
    ...trafficShares.findings,
    ...outliers.findings,
  ]
}

/** @param directions true: too many, false: too few; each is a test */
function sampleShares(
  { judges, logP }: ShareFindings,
  { windows }: WindowGrid,
  directions: readonly boolean[],
  random: Random,
): Exceedances {
  const known = judges.filter((judge) => judge !== null)
  const intervals = listIntervals(windows, Math.max(1, Math.floor(windows * LONGEST_PART)))
  const pValues: number[] = []
  for (let i = 0; i < SAMPLED_TESTS && known.length > 0; i++) {
    const judge = known[Math.floor(random() * known.length)]
    const { from, to } = intervals[Math.floor(random() * intervals.length)]
    const { bad, total, share, precision } = judge.judge(from, to)
    for (const above of directions) {
      const u = random()
      if (total < FEWEST_REQUESTS || (!above && total * share < FEWEST_EXPECTED)) continue
      // A count is discrete: its p-value is drawn between this count's and the next one's.
      const own = Math.exp(logP(bad, total, share, precision, above))
      const beyond = Math.exp(logP(above ? bad + 1 : bad - 1, total, share, precision, above))
      pValues.push(beyond + u * (own - beyond))
    }
  }
  return countExceedances(pValues, pValues.length)
}

/** As src/detect/traffic-season.ts: up to this many windows are judged against their sides too, a second test. */
const LOCAL_LONGEST = 4

/** Each direction of an interval counts as the detector counts it: against the forecast and, if short, against its sides. */
function sampleTraffic({ logP }: TrafficForecast, { grid, windows }: Features, random: Random): Exceedances {
  const counts = windows.requests.subarray(0, grid.windows)
  const pValues: number[] = []
  const intervals: { from: number; to: number }[] = []
  for (let length = 1; length <= Math.max(1, grid.windows / 20); length *= 2) {
    for (let from = 0; from + length <= grid.windows; from += Math.max(1, length >> 1)) {
      if (grid.whole.subarray(from, from + length).every((whole) => whole === 1))
        intervals.push({ from, to: from + length })
    }
  }
  let tests = 0
  for (let i = 0; i < Math.min(SAMPLED_TESTS, intervals.length); i++) {
    const { from, to } = intervals[Math.floor(random() * intervals.length)]
    const ways = grid.phasesPerDay > 0 && to - from <= LOCAL_LONGEST ? 2 : 1
    for (const above of [true, false]) pValues.push(Math.exp(logP(counts, from, to, above)))
    tests += 2 * ways
  }
  return countExceedances(pValues, tests)
}

function countExceedances(pValues: readonly number[], tests: number): Exceedances {
  return { tests, below: LEVELS.map((level) => pValues.filter((p) => p <= level).length) }
}

function measureCoverage(forecast: TrafficForecast, { grid, windows }: Features): CalibrationRun['coverage'] {
  const counts = windows.requests
  const { lower, upper } = forecast.band(BAND_LOG_P)
  const judged = Array.from(grid.whole.keys())
    .filter((w) => grid.whole[w] === 1 && !Number.isNaN(lower[w]))
    .sort((a, b) => forecast.expected[a] - forecast.expected[b])
  const cover = (some: readonly number[]): Coverage => ({
    windows: some.length,
    inside: some.filter((w) => counts[w] >= lower[w] && counts[w] <= upper[w]).length,
  })
  const quarter = Math.floor(judged.length / 4)
  return {
    byForecast: grid.phasesPerDay > 0,
    all: cover(judged),
    quietest: cover(judged.slice(0, quarter)),
    busiest: cover(judged.slice(judged.length - quarter)),
  }
}
