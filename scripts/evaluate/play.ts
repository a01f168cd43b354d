/** Plays one run of a family: generates its log, chooses the sizes, reads and analyses it as a user would. */

import { generateLog, type Records } from '../../src/logs/generate.ts'
import type { EventSpecification } from '../../src/logs/generate-events.ts'
import { LOG_FILES, renderLog } from '../../src/logs/generate-text.ts'
import { readLogs } from '../../src/logs/read.ts'
import { createRandom } from '../../src/math/random.ts'
import { run } from '../../src/run.ts'
import { DIMENSIONS, type Logs, PAYLOAD, type Report, type Scope } from '../../src/types.ts'
import { evidenceOf } from './evidence.ts'
import { DAY, type Family, type Plan, START } from './families.ts'
import { type Event, type Score, scoreReport } from './score.ts'
import { spliceRecords } from './splice.ts'

/** Evidence aimed at, in turn: log10 likelihood ratios. */
const EVIDENCE_GRID: readonly number[] = [4, 8, 12, 16, 20, 25, 30, 40]

export interface Planted {
  readonly plan: Plan
  readonly size: number
  readonly evidence: number
}

export interface Play {
  readonly planted: readonly Planted[]
  readonly events: readonly Event[]
  /** What was read and analysed. */
  readonly logs: Logs
  readonly baseline: Logs | null
  readonly report: Report
  readonly score: Score
  /** Invalid 2xx records by data row, and those that the report marks. */
  readonly silentTruth: ReadonlySet<number>
  readonly silentFound: ReadonlySet<number>
}

/** One run of a family. Same family and seed: same play. */
export async function playFamily(family: Family, seed: number): Promise<Play> {
  const { rows, days, world, form, harmless } = family
  const setting = { rows, days, world, start: START, seed: 1000 + seed }
  const twin = generateLog({ ...setting, clean: harmless.length === 0, events: harmless })
  const plans = family.plan(createRandom(seed * 7919 + family.name.length))
  const planted = plans.map((plan, i) =>
    chooseSize(
      plan,
      countRequests(twin.records, plan),
      days,
      countRequests(twin.records, { ...plan, start: START, end: START + days * DAY }),
      EVIDENCE_GRID[(seed - 1 + i) % EVIDENCE_GRID.length],
    ),
  )
  const events: EventSpecification[] = [
    ...harmless,
    ...planted.map(({ plan: { sizes: _, ...rest }, size }) => ({ ...rest, size })),
  ]
  const { records: own, truth } = planted.length === 0 ? twin : generateLog({ ...setting, clean: false, events })
  const records =
    family.change === undefined
      ? own
      : spliceRecords(
          own,
          generateLog({ ...setting, clean: true, world: family.change.world }).records,
          family.change.touches,
        )
  const logs = await readText(renderSigns(renderLog(records, form), family), LOG_FILES[form])
  const other = { ...setting, rows: 2 * rows, seed: 5000 + seed, clean: true }
  const baseline = family.baseline ? await readText(renderLog(generateLog(other).records, form), 'baseline.csv') : null
  const report = await run(logs, { seed, baseline })
  const expected: readonly Event[] = truth.events.slice(planted.length === 0 ? truth.events.length : harmless.length)
  return {
    planted,
    events: expected,
    logs,
    baseline,
    report,
    score: scoreReport(report, expected, (scope, event) => holdSameRequests(twin.records, scope, event)),
    // Of the records as they were read: a splice has other rows than its parts.
    silentTruth: new Set(listInvalid(records)),
    silentFound: new Set(
      report.anomalies
        .filter(({ source }) => source !== '')
        .map(({ source }) => Number(source.slice(source.lastIndexOf(':') + 1)) - headerLines(form)),
    ),
  }
}

/** 1-based numbers of the records with an invalid payload. */
function listInvalid({ payload }: Records): number[] {
  return Array.from(payload.keys())
    .filter((row) => payload[row] === PAYLOAD.invalid)
    .map((row) => row + 1)
}

const headerLines = (form: Family['form']) => (form === 'csv' || form === 'jtl' ? 1 : 0)

/** Reads a log from memory, as if from a file of this name. */
export async function readText(text: string, name: string): Promise<Logs> {
  const bytes = new TextEncoder().encode(text)
  return readLogs([
    {
      name,
      open: async function* () {
        yield bytes
      },
    },
  ])
}

/** A log that tells silent failures by their bodies instead of a flag. */
function renderSigns(text: string, { sign }: Family): string {
  if (sign !== 'body') return text
  const body = (value: object) => `"body":${JSON.stringify(JSON.stringify(value))}`
  return text
    .replaceAll('"payload_valid":true', body({ data: [1, 2], errors: [], error_count: 0 }))
    .replaceAll('"payload_valid":false', body({ error: { code: 17, message: 'upstream' } }))
}

/**
 * Whether two scopes hold the same requests of an event's time (as the log would be without the event): a version that
 * all requests of an endpoint have then narrows nothing.
 */
function holdSameRequests({ rows, time, cell, cells }: Records, scope: Scope, event: Event): boolean {
  const [start, end] = [Date.parse(event.start), Date.parse(event.end)]
  const inside = (own: Scope, wanted: Scope) =>
    DIMENSIONS.every((dimension) => wanted[dimension] === undefined || wanted[dimension] === own[dimension])
  const differs = cells.map((own) => inside(own, scope) !== inside(own, event.scope))
  for (let row = 0; row < rows; row++) {
    if (time[row] >= start && time[row] < end && differs[cell[row]]) return false
  }
  return true
}

/** Requests that an event can touch: only a 2xx with a body can fail silently. */
function countRequests({ rows, time, cell, cells, payload }: Records, { metric, scope, start, end }: Plan): number {
  let count = 0
  for (let row = 0; row < rows; row++) {
    if (time[row] < start || time[row] >= end) continue
    if (metric === 'silent_failure_share' && payload[row] === PAYLOAD.unknown) continue
    const own = cells[cell[row]]
    if (DIMENSIONS.every((dimension) => scope[dimension] === undefined || scope[dimension] === own[dimension])) count++
  }
  return count
}

/** The size between the plan's bounds whose evidence comes nearest to the aim. */
function chooseSize(plan: Plan, requests: number, days: number, ofLog: number, aim: number): Planted {
  const [weakest, strongest] = plan.sizes
  const at = (part: number) => weakest + (strongest - weakest) * part
  let low = 0
  let high = 1
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (evidenceOf(plan, at(middle), requests, days, ofLog) < aim) low = middle
    else high = middle
  }
  const size = at(high)
  return { plan, size, evidence: evidenceOf(plan, size, requests, days, ofLog) }
}
