/** Adds up the calibration of clean runs and renders it. */
import type { Metric } from '../../src/types.ts'
import { type CalibrationRun, type Coverage, type Exceedances, LEVELS } from './calibration.ts'
import type { Family } from './families.ts'

/** Upper bounds of the rows of a log, by which runs are told apart. */
const SIZES = [10_000, 30_000, Number.POSITIVE_INFINITY] as const
const SIZE_NAMES = ['under 10,000 rows', '10,000 to 30,000', 'more'] as const
const LOGS_OF = [...SIZE_NAMES.slice(0, -1), '30,000 rows or more', 'any size'] as const
/** How far above nominal a rate may lie. */
const TOLERATED = 1.5
/** A rate is set in bold only when so many tests or more stand behind its excess. */
const FEWEST_TO_ACCUSE = 10
/** Families named for their false rejections. */
const MOST_FAMILIES = 4

const METRICS: readonly (readonly [Metric, string])[] = [
  ['silent_failure_share', 'silent failures'],
  ['server_error_share', 'server errors'],
  ['client_error_share', 'client errors'],
  ['slow_share', 'latency'],
  ['traffic_share', 'traffic share given the parent'],
  ['requests', 'traffic of the whole'],
  ['multivariate', 'outliers'],
]

class Rates {
  private tests = 0
  private readonly below = LEVELS.map(() => 0)

  add(seen: Exceedances): void {
    this.tests += seen.tests
    for (const [i, count] of seen.below.entries()) this.below[i] += count
  }

  get isEmpty(): boolean {
    return this.tests === 0
  }

  count(): string {
    return this.tests.toLocaleString('en')
  }

  /** How many tests lie at or below a level, and how many would by chance, where those are too many; null elsewhere. */
  excess(level: number): { readonly seen: number; readonly due: number } | null {
    const seen = this.below[LEVELS.indexOf(level)]
    const due = this.tests * level
    return seen > TOLERATED * due && seen >= FEWEST_TO_ACCUSE ? { seen, due } : null
  }

  /** Observed over nominal. */
  cell(level: number): string {
    const text = (this.below[LEVELS.indexOf(level)] / (this.tests * level)).toFixed(2)
    return this.excess(level) === null ? text : `**${text}**`
  }
}

export class CalibrationBoard {
  private readonly sampled = new Map<string, Rates>()
  private readonly findings = new Map<string, Rates>()
  private readonly families = new Map<string, Rates>()
  private readonly rejections: { readonly family: string; readonly count: number }[] = []
  private readonly rejectionsByMetric = new Map<Metric, number>()
  private rejectionsByDefault = 0
  private readonly coverages: NonNullable<CalibrationRun['coverage']>[] = []

  add({ name, rows, harmless }: Family, run: CalibrationRun): void {
    const size = SIZES.findIndex((bound) => rows < bound)
    for (const [metric, seen] of run.sampled) {
      rateOf(this.sampled, `${metric}/${size}`).add(seen)
      rateOf(this.sampled, `${metric}/all`).add(seen)
      rateOf(this.families, `${metric}/${name}`).add(seen)
    }
    for (const [metric, seen] of run.findings) {
      rateOf(this.findings, `${metric}/${size}`).add(seen)
      rateOf(this.findings, `${metric}/all`).add(seen)
    }
    for (const [metric, count] of run.rejections)
      this.rejectionsByMetric.set(metric, count + (this.rejectionsByMetric.get(metric) ?? 0))
    const count = [...run.rejections.values()].reduce((sum, own) => sum + own, 0)
    this.rejections.push({ family: name, count })
    this.rejectionsByDefault += run.rejectionsByDefault
    // A ramp or a burst of the whole lies outside the band by right.
    const isDisturbed = harmless.some(({ metric }) => metric === 'requests')
    if (run.coverage !== null && !isDisturbed) this.coverages.push(run.coverage)
  }

  render(): string[] {
    return [
      '## Calibration',
      '',
      `Over the ${this.rejections.length} clean runs, harmless events included: how often p-values fall at or below a nominal level, as a multiple of nominal (1 is exact, below 1 is careful; above ${TOLERATED} in bold, from ${FEWEST_TO_ACCUSE} tests on). *Sampled*: tests drawn by seed and judged directly ([calibration.ts](../scripts/evaluate/calibration.ts)), p-values of counts randomised between a count and the next; for the whole's traffic, each direction counts as the one or two tests that the detector counts. *Kept*: the detectors' own findings (p ≤ 0.001, not randomised) over the tests that they counted. Of outliers only the kept findings are known, so that nothing can be sampled.`,
      '',
      '| Detector | Log | Sampled tests | 1e-1 | 1e-2 | 1e-3 | 1e-4 | Tests counted | kept 1e-3 | kept 1e-4 |',
      '|---|---|--:|--:|--:|--:|--:|--:|--:|--:|',
      ...METRICS.flatMap(([metric, name]) => this.renderMetric(metric, name)),
      '',
      ...this.renderWorst(),
      '',
      this.renderExcesses(),
      '',
      ...this.renderRejections(),
      '',
      '### The forecast band',
      '',
      'Share of windows inside the held-out 99 % band of the whole’s traffic, families with a ramp or a burst of the whole left out; the quarters are by expected requests.',
      '',
      '| Expected by | Runs | Windows | All | Quietest quarter | Busiest quarter |',
      '|---|--:|--:|--:|--:|--:|',
      this.renderCoverage('forecast of days that it has not seen', true),
      this.renderCoverage('level around (logs under two days)', false),
    ]
  }

  private renderMetric(metric: Metric, name: string): string[] {
    return [...SIZE_NAMES.map((size, i) => [String(i), size] as const), ['all', '**all**'] as const].flatMap(
      ([key, size]) => {
        const sampled = this.sampled.get(`${metric}/${key}`)
        const findings = this.findings.get(`${metric}/${key}`)
        if (findings === undefined || findings.isEmpty) return []
        const direct =
          sampled === undefined || sampled.isEmpty
            ? ['–', ...LEVELS.map(() => '–')]
            : [sampled.count(), ...LEVELS.map((level) => sampled.cell(level))]
        return `| ${[name, size, ...direct, findings.count(), findings.cell(1e-3), findings.cell(1e-4)].join(' | ')} |`
      },
    )
  }

  private renderWorst(): string[] {
    const worst = METRICS.flatMap(([metric, name]) =>
      [...this.families]
        .filter(([key]) => key.startsWith(`${metric}/`))
        .filter(([, rates]) => rates.cell(1e-2).startsWith('**'))
        .map(
          ([key, rates]) => `${name} in *${key.slice(metric.length + 1)}* (${rates.cell(1e-2).replaceAll('*', '')})`,
        ),
    )
    if (worst.length === 0) return [`No family lies above ${TOLERATED} × nominal at 1e-2 in any detector.`]
    return [`Families above ${TOLERATED} × nominal at 1e-2: ${worst.join('; ')}.`]
  }

  /** The rates in bold, with the counts that they come from: a rate of few tests is itself uncertain. */
  private renderExcesses(): string {
    const excesses = METRICS.flatMap(([metric, name]) =>
      LOGS_OF.flatMap((logs, size) =>
        LEVELS.flatMap((level) => {
          const excess = this.sampled.get(`${metric}/${size < SIZES.length ? size : 'all'}`)?.excess(level) ?? null
          if (excess === null) return []
          const due = excess.due.toFixed(excess.due < 100 ? 1 : 0)
          return [`${name} in logs of ${logs} at ${level.toExponential(0)} (${excess.seen} tests where ${due} are due)`]
        }),
      ),
    )
    if (excesses.length === 0) return `No detector lies above ${TOLERATED} × nominal at any level and size of log.`
    return `Above ${TOLERATED} × nominal: ${excesses.join('; ')}.`
  }

  private renderRejections(): string[] {
    const runs = this.rejections.length
    const total = this.rejections.reduce((sum, { count }) => sum + count, 0)
    const none = this.rejections.filter(({ count }) => count === 0).length
    const byFamily = new Map<string, number>()
    for (const { family, count } of this.rejections) byFamily.set(family, count + (byFamily.get(family) ?? 0))
    const most = [...byFamily].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1])
    const where = most.slice(0, MOST_FAMILIES).map(([family, count]) => `*${family}* ${count}`)
    const byMetric = METRICS.filter(([metric]) => this.rejectionsByMetric.has(metric)).map(
      ([metric, name]) => `${name} ${((this.rejectionsByMetric.get(metric) ?? 0) / runs).toFixed(2)}`,
    )
    return [
      '### False rejections',
      '',
      `With γ = 1 (one expected false alarm a run) a clean run has ${(total / runs).toFixed(2)} false rejections (0.3 to 1.2 are due; ${byMetric.join(', ')}); ${none} of ${runs} runs have none: one oddity rejects several nested intervals and slices. Most come from ${where.length === 0 ? 'nowhere' : where.join(', ')}. At the default γ there were ${this.rejectionsByDefault} in all ${runs} runs.`,
    ]
  }

  private renderCoverage(name: string, byForecast: boolean): string {
    const own = this.coverages.filter((coverage) => coverage.byForecast === byForecast)
    const percent = (part: (coverage: (typeof own)[number]) => Coverage) => {
      const windows = own.reduce((sum, coverage) => sum + part(coverage).windows, 0)
      const inside = own.reduce((sum, coverage) => sum + part(coverage).inside, 0)
      return windows === 0 ? '–' : `${((100 * inside) / windows).toFixed(2)} %`
    }
    const windows = own.reduce((sum, { all }) => sum + all.windows, 0)
    const cells = [percent(({ all }) => all), percent(({ quietest }) => quietest), percent(({ busiest }) => busiest)]
    return `| ${[name, own.length, windows.toLocaleString('en'), ...cells].join(' | ')} |`
  }
}

function rateOf(rates: Map<string, Rates>, key: string): Rates {
  const known = rates.get(key)
  if (known !== undefined) return known
  const fresh = new Rates()
  rates.set(key, fresh)
  return fresh
}
