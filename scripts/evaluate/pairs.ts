/** Pairs of logs, main's and a pull request's: whether the diff is exactly what changed between them. */
import { generateLog } from '../../src/logs/generate.ts'
import { LOG_FILES, renderLog } from '../../src/logs/generate-text.ts'
import type { FixtureRow } from '../../src/logs/log-fixture.ts'
import { testRun } from '../../src/logs/test-run-fixture.ts'
import { run } from '../../src/run.ts'
import type { Report, State } from '../../src/types.ts'
import { CLEAN } from './clean-families.ts'
import { DAY, type Family, START } from './families.ts'
import { readText } from './play.ts'

type Change = (row: FixtureRow, i: number) => FixtureRow | null

/** What main and the pull request have, and what the diff must then be: statuses with categories and scopes. */
export interface PairCase {
  readonly name: string
  readonly main?: () => Change
  readonly pull?: () => Change
  /** Requests of the pull request's run, 3,000 by default. */
  readonly requests?: number
  readonly incidents: readonly string[]
  readonly fixed: readonly string[]
}

const SHARE_OF_FAULT = 8

/** Every nth request that a condition holds for is otherwise. */
function every(n: number, holds: (row: FixtureRow) => boolean, change: FixtureRow): () => Change {
  return () => {
    let count = 0
    return (row) => (holds(row) && count++ % n === 0 ? change : {})
  }
}
const isCheckout = ({ endpoint }: FixtureRow) => endpoint === 'POST /checkout'
const fails = every(SHARE_OF_FAULT, isCheckout, { status: 503 })
const failsOften = every(2, isCheckout, { status: 503 })
const failsSilently = every(3, isCheckout, { invalid: 'payload_valid is false' })
const isSlow = () => (row: FixtureRow) => (isCheckout(row) ? { durationMs: row.durationMs! * 2 } : {})

/** The pairs that the tool must get exactly right. */
export const PAIR_CASES: readonly PairCase[] = [
  { name: 'unchanged', incidents: [], fixed: [] },
  { name: 'one new: errors', pull: fails, incidents: ['new error_spike POST /checkout'], fixed: [] },
  { name: 'one new: silent', pull: failsSilently, incidents: ['new silent_failure POST /checkout'], fixed: [] },
  { name: 'one new: twice as slow', pull: isSlow, incidents: ['new latency_surge POST /checkout'], fixed: [] },
  { name: 'one known', main: fails, pull: fails, incidents: ['known error_spike POST /checkout'], fixed: [] },
  { name: 'one worse', main: fails, pull: failsOften, incidents: ['worse error_spike POST /checkout'], fixed: [] },
  { name: 'one fixed', main: fails, incidents: [], fixed: ['error_spike POST /checkout'] },
  {
    name: 'deploy changes sizes everywhere',
    pull: () => (row) => ({ bytes: Math.round(row.bytes! * 0.6), version: '2.15.0' }),
    incidents: [],
    fixed: [],
  },
  {
    name: 'an endpoint removed',
    pull: () => (row) => (row.endpoint === 'GET /items' ? null : {}),
    incidents: [],
    fixed: [],
  },
  { name: 'ten times the traffic', requests: 30_000, incidents: [], fixed: [] },
  { name: 'a tenth of the traffic', requests: 300, incidents: [], fixed: [] },
  {
    name: 'another mix',
    pull: () => (row, i) =>
      (row.endpoint === 'GET /items' && i % 10 > 0) || (row.region === 'us-east-1' && i % 4 > 0) ? null : {},
    incidents: [],
    fixed: [],
  },
]

/** One pair; `''` when the diff is exactly right, else what it was. */
export async function playPair({ main, pull, requests, incidents, fixed }: PairCase, seed: number): Promise<string> {
  const healthy = (await run(testRun(3 * seed))).state
  const before = main === undefined ? healthy : (await run(testRun(3 * seed + 1, main()), { baseline: healthy })).state
  const report = await run(testRun(3 * seed + 2, pull?.(), requests), { baseline: before })
  const found = describeDiff(report)
  const isRight = found.incidents.join() === incidents.join() && found.fixed.join() === fixed.join()
  return isRight ? '' : `${found.incidents.join(', ') || 'nothing'}; fixed: ${found.fixed.join(', ') || 'nothing'}`
}

function describeDiff({ incidents, comparison }: Report) {
  const place = (scope: object) => Object.values(scope).join(' ')
  return {
    incidents: incidents
      .filter(({ severity }) => severity !== 'low')
      .map(({ status, category, scope }) => `${status} ${category} ${place(scope)}`.trimEnd()),
    fixed: (comparison?.fixed ?? []).map(({ incident }) => `${incident.category} ${place(incident.scope)}`.trimEnd()),
  }
}

/** Families of clean logs of which one run follows another; those with a baseline of their own or a change are none. */
export const PAIR_FAMILIES: readonly Family[] = CLEAN.filter(
  ({ baseline, change }) => !baseline && change === undefined,
)

/**
 * A clean run and the clean one after it, compared: what is new above low, a line each.
 *
 * @param part of the family's rows and days
 */
export async function playCleanPair(family: Family, seed: number, part = 1): Promise<string[]> {
  const days = family.days >= 4 ? Math.max(4, family.days * part) : family.days
  const rows = Math.round((family.rows * days) / family.days)
  const read = async (own: number, start: number) => {
    const moved = family.harmless.map((event) => ({
      ...event,
      start: event.start + start - START,
      end: event.end + start - START,
    }))
    const within = moved.filter(({ end }) => end <= start + days * DAY)
    const setting = { rows, days, world: family.world, start, seed: own, clean: within.length === 0, events: within }
    return readText(renderLog(generateLog(setting).records, family.form), LOG_FILES[family.form])
  }
  const before: State | null = (await run(await read(9000 + 2 * seed, START))).state
  const start = START + Math.ceil(days) * DAY
  const report = await run(await read(9001 + 2 * seed, start), { baseline: before })
  return report.incidents
    .filter(({ severity, status }) => severity !== 'low' && status !== 'known')
    .map(({ severity, status, explanation }) => `${status} ${severity}: ${explanation}`)
}
