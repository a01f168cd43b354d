/** The values that travel between the stages. Times are milliseconds since 1970-01-01 UTC, intervals are half-open. */

/** The columns that a slice can be cut by, in the order in which a scope is printed. */
export const DIMENSIONS = ['service', 'endpoint', 'region', 'environment', 'version'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** How a request ended. `noResponse`: the client got no HTTP answer (JMeter "Non HTTP response code", k6 status 0, nginx 499). */
export const OUTCOME = { unknown: 0, ok: 1, clientError: 2, serverError: 3, noResponse: 4 } as const

/** What is known of an answer's content. */
export const PAYLOAD = { unknown: 0, valid: 1, invalid: 2 } as const

/** A dictionary-coded text column: row r holds `values[codes[r]]`. `values[0]` is always `''`: unknown. */
export interface Coded {
  readonly codes: Uint32Array
  readonly values: readonly string[]
}

/** One row per request, sorted by time (ties keep file and line order). All columns have `rows` entries. */
export interface LogTable {
  readonly rows: number
  /** Start of the request, ms UTC. */
  readonly time: Float64Array
  /** Milliseconds, NaN unknown. */
  readonly durationMs: Float32Array
  /** HTTP status, 0 unknown or none. */
  readonly status: Uint16Array
  /** A value of OUTCOME. */
  readonly outcome: Uint8Array
  /** Size of the answer's body in bytes, NaN unknown. */
  readonly bytes: Float32Array
  /** A value of PAYLOAD. */
  readonly payload: Uint8Array
  /** Index into `reasons`: why `payload` is invalid; 0 for none. */
  readonly reason: Uint8Array
  /** `reasons[0]` is `''`. At most 256. A reason is fixed wording plus field names, never log text of unbounded kind. */
  readonly reasons: readonly string[]
  /** What a 2xx answer looks like: kind of content, fields and their types; see shapes.ts. */
  readonly shape: Coded
  /** `endpoint` is `METHOD /route`. A dimension that the log does not have is all zeros. */
  readonly dimensions: Readonly<Record<Dimension, Coded>>
  /** Name of the file that the row came from, as the user would name it. */
  readonly file: Coded
  /** 1-based line (or record) number in its file. */
  readonly line: Uint32Array
  /** A few raw excerpts (at most 200 characters, not yet redacted) of rows with an invalid payload, by row. */
  readonly excerpts: ReadonlyMap<number, string>
}

/** A line that could not become a row. */
export interface Rejected {
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** The rule that it broke, with the value. */
  readonly reason: string
  /** At most 200 characters of the line, raw. */
  readonly excerpt: string
}

/** All logs of one run, read. */
export interface Logs {
  readonly table: LogTable
  readonly files: readonly string[]
  /** Names of the formats that were read, unique, in order of first use. */
  readonly formats: readonly string[]
  /** True when a test plan set the traffic (JMeter, k6): the whole's traffic is not judged. */
  readonly plannedTraffic: boolean
  /** At most 10,000 are kept, see `rejectedCount`. */
  readonly rejected: readonly Rejected[]
  readonly rejectedCount: number
  /** What was assumed, skipped or cut, a sentence each. */
  readonly notes: readonly string[]
}

/** Equal windows over the log's span, and what is known of each. */
export interface WindowGrid {
  readonly windowMs: number
  /** Start of the first window, a multiple of `windowMs`. */
  readonly startMs: number
  readonly windows: number
  /** 1 where the log speaks: the window lies inside the log and not in a gap between files or runs. */
  readonly covered: Uint8Array
  /** 1 where the window is covered from its start to its end: only these are judged by their counts. */
  readonly whole: Uint8Array
  /** Windows in a day, 0 when a day is not a whole number of windows or the log is shorter than two days. */
  readonly phasesPerDay: number
  /** Days that the log touches. */
  readonly days: number
  readonly firstMs: number
  readonly lastMs: number
}

/** A part of the log: everything (level 0), one value of a dimension (level 1), or a pair of values (level 2). */
export interface Slice {
  readonly scope: Scope
  readonly level: 0 | 1 | 2
  readonly requests: number
  /** Slices that hold this one with one constraint less; the whole has none. */
  readonly parents: readonly number[]
}

/** One dimension or pair of dimensions, and the slice of each of its values. */
export interface Cut {
  readonly dimensions: readonly Dimension[]
  /** Slice by code (single) or by code × values of the second + code (pair); -1 where none is watched. */
  readonly slice: Int32Array | Map<number, number>
}

export interface SliceTable {
  /** `slices[0]` is the whole. */
  readonly slices: readonly Slice[]
  readonly cuts: readonly Cut[]
}

/** The combinations of dimension values that occur in a log, numbered in the order of their first rows. */
export interface Combinations {
  readonly count: number
  /** Combination of each row. */
  readonly of: Uint32Array
  /** Rows of each combination. */
  readonly rows: Uint32Array
  /** Code of each combination in each dimension. */
  readonly codes: Readonly<Record<Dimension, Uint32Array>>
}

/** Judgement of each row's duration. */
export interface LatencyColumns {
  /** 1 slower than usual, 0 not, 2 unknown (no duration, or too few requests to say what is usual). */
  readonly slow: Uint8Array
  /** The usual median of the row's cell in ms, NaN unknown. */
  readonly usualMs: Float32Array
}

/** Counts by (slice, window): entry `slice × windows + window`. */
export interface WindowTable {
  readonly windows: number
  readonly requests: Uint32Array
  /** Requests whose outcome is known, and those that ended in a server error or without an answer, or a client error. */
  readonly judged: Uint32Array
  readonly serverErrors: Uint32Array
  readonly clientErrors: Uint32Array
  /** 2xx answers, and those of them whose payload is invalid. */
  readonly succeeded: Uint32Array
  readonly silent: Uint32Array
  /** Requests whose duration could be judged, and those slower than usual. */
  readonly timed: Uint32Array
  readonly slow: Uint32Array
}

/** The metrics that are "bad of total", and their columns in the WindowTable. */
export const SHARE_COLUMNS = {
  silent_failure_share: { total: 'succeeded', bad: 'silent' },
  server_error_share: { total: 'judged', bad: 'serverErrors' },
  client_error_share: { total: 'judged', bad: 'clientErrors' },
  slow_share: { total: 'timed', bad: 'slow' },
} as const
export type ShareMetric = keyof typeof SHARE_COLUMNS
export const SHARE_METRICS = ['silent_failure_share', 'server_error_share', 'client_error_share', 'slow_share'] as const

/** The whole's requests of a baseline log that lies before the log, in windows that end where the log's begin. */
export interface TrafficHistory {
  readonly startMs: number
  /** After its last request; the windows from here on are a gap. */
  readonly endMs: number
  readonly requests: Uint32Array
}

/** Everything that detectors and the merge look at. */
export interface Features {
  /** The log, with near-empty answers marked, and those that break what the baseline promises. */
  readonly table: LogTable
  readonly grid: WindowGrid
  /** Window of each row; ascending. */
  readonly windowOf: Uint32Array
  readonly combinations: Combinations
  readonly sliceTable: SliceTable
  readonly windows: WindowTable
  readonly latency: LatencyColumns
  /** Whether a row lies in a scope. */
  readonly scopeTest: (scope: Scope) => (row: number) => boolean
  /** 1 bad, 0 good, -1 does not count. */
  readonly shareTest: (metric: ShareMetric) => (row: number) => -1 | 0 | 1
  /** Calls back with each slice that a row lies in. */
  readonly visitSlices: (row: number, visit: (slice: number) => void) => void
  /** Calls back with each row of a scope, in no particular order; costs as much as the scope has rows. */
  readonly visitRows: (scope: Scope, visit: (row: number) => void) => void
  /** Duration over what is usual for the request's endpoint and version, by row; NaN unknown. A changed mix does not move it. */
  readonly relativeLatency: Float32Array
  /** Likewise the size of 2xx answers. */
  readonly relativeSize: Float32Array
  /** Quantiles of a column in each window: by scope one array per quantile; NaN where nothing is known. */
  readonly quantiles: (scopes: readonly Scope[], column: Float32Array, quantiles: readonly number[]) => Float64Array[][]
  /** What each endpoint answered. */
  readonly endpoints: () => readonly EndpointFacts[]
  /** A scope's counts in the baseline; null without one. */
  readonly baselineOf: ((metric: ShareMetric, scope: Scope) => ShareEvidence) | null
  /** Null without a baseline, and when that does not end before the log begins. */
  readonly history: TrafficHistory | null
  readonly notes: readonly string[]
}

/** One judged interval of one slice that lies far from what was expected: evidence, not yet a verdict. */
export interface Finding {
  readonly category: Category
  readonly metric: Metric
  readonly detector: Detector
  /** Index into the SliceTable, and that slice's level. */
  readonly slice: number
  readonly level: 0 | 1 | 2
  /** Windows [from, to). */
  readonly from: number
  readonly to: number
  /** Natural logarithm of the one-sided p-value. */
  readonly logP: number
  /** In the unit of the metric: shares 0..1, requests, or standard deviations. */
  readonly actual: number
  readonly expected: number
  /** Requests behind it. */
  readonly support: number
}

/** How many tests a detector made, for false-alarm control. `level` is the slices' level. */
export interface TestCount {
  readonly metric: Metric
  readonly level: 0 | 1 | 2
  /** Of the intervals' lengths in windows, see math/octave.ts; without it the tests share one budget whatever their length. */
  readonly octave?: number
  readonly judged: number
  /** What is expected of tests of counts, all that were judged; without it each test attains any level. */
  readonly counted?: readonly CountedTests[]
}

/** Tests whether counts are too high, all of which expect about the same. */
export interface CountedTests {
  /** Mean of the count, and the relative variance of its rate. */
  readonly expected: number
  readonly spread: number
  /** How many; a part of one where tests were spread over several. */
  readonly tests: number
}

/** Bad requests and all requests of a slice or scope, one entry per window. */
export interface ShareSeries {
  readonly bad: ArrayLike<number>
  readonly total: ArrayLike<number>
}

/** Requests seen elsewhere that say what a share should be: pseudo-counts, or another log's counts. */
export interface ShareEvidence {
  readonly bad: number
  readonly total: number
}

/** Judges any interval of one slice or scope by everything outside it (or by the baseline log). */
export interface ShareJudge {
  /** Counts of windows [from, to), the share expected of them, and the precision (α + β) of its predictive beta distribution. */
  judge(
    from: number,
    to: number,
  ): { readonly bad: number; readonly total: number; readonly share: number; readonly precision: number }
}

/** What a share detector leaves to those who decide and merge. */
export interface ShareFindings {
  readonly findings: readonly Finding[]
  readonly tests: readonly TestCount[]
  /** The judge of each slice, null where the slice has nothing to judge. */
  readonly judges: readonly (ShareJudge | null)[]
  /** A judge for any scope with so many dimensions (more than two count as two). */
  fit(series: ShareSeries, baseline: ShareEvidence | null, dimensions: number): ShareJudge
  /** Natural logarithm of the one-sided p-value of `bad` of `total`. */
  logP(bad: number, total: number, share: number, precision: number, above: boolean): number
}

/** What was expected of the whole's traffic, and the judge of its intervals. */
export interface TrafficForecast {
  /** False when the whole's traffic was not judged: `expected` is then the actual counts. */
  readonly judged: boolean
  /** Expected requests per window. */
  readonly expected: Float64Array
  /** Requests between which a single window passes at a logarithmic p-value. NaN where windows are not judged. */
  band(logP: number): { readonly lower: Float64Array; readonly upper: Float64Array }
  /** ln p of [from, to) if it had these counts, in the direction given. */
  logP(counts: ArrayLike<number>, from: number, to: number, above: boolean): number
  readonly findings: readonly Finding[]
  readonly tests: readonly TestCount[]
  readonly notes: readonly string[]
}

/** Traffic of the slices given their parents. */
export interface TrafficShares {
  readonly findings: readonly Finding[]
  readonly tests: readonly TestCount[]
  /** Judges of the slices given their first and their second parent. */
  readonly byParent: readonly ShareFindings[]
  /** Requests expected of a slice in windows [from, to), had the whole behaved as expected. */
  expected(slice: number, from: number, to: number): number
}

/** Windows in which several metrics together are odd. */
export interface OutlierFindings {
  readonly findings: readonly Finding[]
  readonly tests: readonly TestCount[]
  /** The forest's highest-ranked windows that no calibrated distance confirms: worth a look, no more. */
  readonly watched: readonly Finding[]
  /** Whether the forest ranks one of the slice's windows in [from, to) among the highest. */
  confirms(slice: number, from: number, to: number): boolean
  /** Whether what is odd in a part of a broader slice in [from, to) is as odd in the rest of that. */
  spreads(part: number, broader: number, from: number, to: number): boolean
  /**
   * By window, how much it speaks for being odd as a slice's windows [from, to) are: a log-likelihood ratio. Null where too
   * few intervals of that length say what is usual.
   */
  gains(slice: number, from: number, to: number): Float64Array | null
  /** Whether what is odd in a slice in [from, to) is that answers take longer than its other metrics say, and no more. */
  isSlowness(slice: number, from: number, to: number): boolean
  /** The distance in standard deviations that passes at a logarithmic p-value. */
  passing(logP: number): number
  /** How many standard deviations each metric of the slice is off in [from, to), most first. */
  deviations(slice: number, from: number, to: number): readonly { readonly name: string; readonly deviation: number }[]
  readonly notes: readonly string[]
}

/** A broken latency objective: more than one request in twenty of an endpoint is slower than its promised p95. */
export interface BrokenLatency {
  readonly endpoint: string
  readonly limitMs: number
  readonly slow: number
  readonly total: number
  /** ln p of so many slow ones if exactly 5 % were. */
  readonly logP: number
}

/** All evidence of a run. */
export interface Detected {
  readonly shares: ReadonlyMap<ShareMetric, ShareFindings>
  readonly objectives: ReadonlyMap<ShareMetric, ShareFindings>
  readonly brokenLatency: readonly BrokenLatency[]
  readonly forecast: TrafficForecast
  readonly trafficShares: TrafficShares
  readonly outliers: OutlierFindings
  readonly tests: readonly TestCount[]
  readonly notes: readonly string[]
}

/** How findings are told from noise; see decide.ts. */
export interface Verdicts {
  /** Logarithm of the p-value at or below which a finding is significant. */
  threshold(finding: Pick<Finding, 'metric' | 'level' | 'from' | 'to'>): number
  isSignificant(finding: Finding): boolean
  /** Worth watching: significant at a level WATCH_FACTOR times laxer. */
  isWatched(finding: Finding): boolean
  /** Expected number of findings as strong as this by chance in the run, by its metric's part of the budget; 0..1. */
  qValue(finding: Finding): number
  readonly judged: number
  /** Sum of all thresholds: by linearity of expectation the expected false alarms under any dependence. */
  readonly expectedFalseAlarms: number
}

export type Category = 'silent_failure' | 'error_spike' | 'traffic_drop' | 'traffic_surge' | 'latency_surge' | 'outlier'
export type Metric =
  | 'silent_failure_share'
  | 'server_error_share'
  | 'client_error_share'
  | 'slow_share'
  | 'requests'
  | 'traffic_share'
  | 'multivariate'
export type Unit = 'share' | 'requests' | 'ms' | 'sd'
export type Detector = 'silent' | 'errors' | 'latency' | 'traffic' | 'forest' | 'objective'
/** Worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof SEVERITIES)[number]
/** The dimensions that narrow an incident, and their values; empty is everything. */
export type Scope = Partial<Record<Dimension, string>>

/** One dimension's value and its part (0..1) of what an incident has too much (traffic drop: too little) of. */
export interface Contributor {
  readonly dimension: Dimension
  readonly value: string
  readonly share: number
}

export interface Sample {
  /** `file:line`. */
  readonly source: string
  /** Redacted. */
  readonly text: string
}

/** As in incidents.json, but times are milliseconds and unknown numbers are NaN. */
export interface Incident {
  readonly id: string
  readonly fingerprint: string
  readonly category: Category
  readonly severity: Severity
  readonly start: number
  /** Exclusive. */
  readonly end: number
  readonly scope: Scope
  readonly metric: Metric
  readonly unit: Unit
  readonly actual: number
  readonly expected: number
  /** Of the band that the verdict used. */
  readonly lower: number
  readonly upper: number
  /** Requests in the incident. */
  readonly support: number
  /** Bad requests; traffic: missing or surplus ones. */
  readonly affected: number
  /** Shares: actual − expected; traffic: actual/expected − 1; latency: ratio of medians; else NaN. */
  readonly effect: number
  /** 1e-300..1. */
  readonly pValue: number
  /** Bound after false-alarm control, 0..1. */
  readonly qValue: number
  /** 0..1, higher is worse. */
  readonly score: number
  readonly detectors: readonly Detector[]
  readonly explanation: string
  /** Largest first. */
  readonly contributors: readonly Contributor[]
  /** Ids of incidents that overlap in time and scope. */
  readonly related: readonly string[]
  readonly samples: readonly Sample[]
  /** Null without a baseline to compare with. */
  readonly status: Status | null
  /** How large the baseline's was: for shares its actual, for traffic and latency its effect; NaN when it had none. */
  readonly before: number
  /** The verdict of the ignore entry that it matches; null for none. */
  readonly acknowledged: Acknowledgement | null
}

/** How an incident stands against the baseline's: not there before, there but milder, or there just so. */
export const STATUSES = ['new', 'worse', 'known'] as const
export type Status = (typeof STATUSES)[number]

/** What somebody who has looked at an incident says of it; see Ignore. */
export const ACKNOWLEDGEMENTS = ['expected', 'false alarm', 'new normal'] as const
export type Acknowledgement = (typeof ACKNOWLEDGEMENTS)[number]

/** One row of master_anomalies.csv: an anomalous record, or an anomalous (slice, interval). Unknown numbers are NaN. */
export interface Anomaly {
  readonly id: string
  /** `''` when it belongs to no incident. */
  readonly incident: string
  readonly category: Category
  readonly severity: Severity
  readonly detector: Detector
  readonly start: number
  readonly end: number
  readonly scope: Scope
  readonly metric: Metric
  readonly actual: number
  readonly expected: number
  readonly lower: number
  readonly upper: number
  readonly support: number
  readonly pValue: number
  readonly qValue: number
  readonly score: number
  /** `file:line` of a record, else `''`. */
  readonly source: string
  readonly explanation: string
}

/** What was read, for the head of a report. */
export interface InputSummary {
  readonly rows: number
  readonly rejected: number
  readonly files: readonly string[]
  readonly formats: readonly string[]
  readonly start: number
  readonly end: number
  readonly windowSeconds: number
  /** Numbers of distinct values. */
  readonly services: number
  readonly endpoints: number
  readonly regions: number
  readonly environments: number
  readonly versions: number
  /** `''` without one; else names the files and rows, e.g. `main.csv (48,210 rows)`. */
  readonly baseline: string
}

/** The whole's windows, for charts. Arrays have one entry per window; NaN is unknown or not judged. */
export interface ChartSeries {
  /** Start of each window, ms UTC, ascending and equally spaced. */
  readonly time: Float64Array
  readonly windowMs: number
  readonly latencyP50Ms: Float64Array
  readonly latencyP95Ms: Float64Array
  readonly requests: Float64Array
  /** The forecast with the band that the verdict used. All NaN when the whole's traffic was not judged. */
  readonly expectedRequests: Float64Array
  readonly lowerRequests: Float64Array
  readonly upperRequests: Float64Array
  /** Share (0..1) of server errors and missing answers, one array per environment (`all` when the log names none). */
  readonly errorShareByEnvironment: readonly { readonly environment: string; readonly share: Float64Array }[]
  /** Silent failures and incidents by service and category, largest first (`all` when the log names no service). */
  readonly anomaliesByService: readonly {
    readonly service: string
    readonly counts: Readonly<Partial<Record<Category, number>>>
  }[]
}

/** Everything that a run found. */
export interface Report {
  readonly input: InputSummary
  readonly tests: { readonly judged: number; readonly expectedFalseAlarms: number }
  readonly notes: readonly string[]
  /** Sorted by severity, then start. */
  readonly incidents: readonly Incident[]
  readonly anomalies: readonly Anomaly[]
  readonly rejected: readonly Rejected[]
  readonly series: ChartSeries
  /** Null without a baseline. */
  readonly comparison: Comparison | null
  /** What the next run may compare itself with; null for a report that was read from a file. */
  readonly state: State | null
}

/** What charts show of a report. */
export type ChartData = Pick<Report, 'input' | 'tests' | 'incidents' | 'series'>

/** Counts of values on a logarithmic scale; math/histogram.ts has the bounds of the bins. */
export interface Histogram {
  /** Bin of the first count. */
  readonly first: number
  readonly counts: readonly number[]
}

/**
 * Median and p90 in ms of what has enough requests to say what is usual: by `endpoint`, and by `endpoint`, `region` and
 * `environment` with U+0001 between them. `timed` is how many requests that is.
 */
export type UsualLatency = ReadonlyMap<string, { readonly timed: number; readonly p50: number; readonly p90: number }>

/** Bytes below which an answer counts as near-empty, by `endpoint`, a U+0001 and `version` (`''`: any). */
export type SizeLimits = ReadonlyMap<string, number>

/** The columns of a baseline's counts, as in the WindowTable. */
export const CELL_COUNTS = [
  'requests',
  'judged',
  'serverErrors',
  'clientErrors',
  'succeeded',
  'silent',
  'timed',
  'slow',
] as const
export type CellCount = (typeof CELL_COUNTS)[number]

/** Counts by what a request has in all dimensions: a row per combination that occurs. All columns have `rows` entries. */
export interface CellTable {
  readonly rows: number
  readonly dimensions: Readonly<Record<Dimension, Coded>>
  readonly counts: Readonly<Record<CellCount, Uint32Array>>
}

/** What the bodies of an endpoint's answers tell of one top-level field. */
export interface FieldFacts {
  readonly name: string
  /** Bodies by the field's JSON type (`array`, `boolean`, `null`, `number`, `object`, `string`); absent ones do not count. */
  readonly types: Readonly<Record<string, number>>
  /** Empty arrays among them. */
  readonly empty: number
}

/** What an endpoint answers in one version. */
export interface EndpointFacts {
  readonly endpoint: string
  /** `''` unknown. */
  readonly version: string
  readonly requests: number
  /** Requests by HTTP status; `0` for none. */
  readonly statuses: Readonly<Record<string, number>>
  /** Durations in ms. */
  readonly latency: Histogram
  /** Bytes of 2xx answers. */
  readonly sizes: Histogram
  /** 2xx answers by their kind of content (`json object`, `html`, …; see shapes.ts); unknown ones do not count. */
  readonly contents: Readonly<Record<string, number>>
  /** 2xx answers whose body is a JSON object that was examined, and its fields. */
  readonly bodies: number
  readonly fields: readonly FieldFacts[]
}

/** What one run's log teaches the next: what is usual. It says nothing of single requests. */
export interface Baseline {
  readonly rows: number
  /** ms UTC. */
  readonly start: number
  readonly end: number
  readonly cells: CellTable
  readonly usual: UsualLatency
  readonly sizeLimits: SizeLimits
  readonly endpoints: readonly EndpointFacts[]
  /** The whole's requests by window. */
  readonly traffic: { readonly startMs: number; readonly windowMs: number; readonly requests: readonly number[] }
}

/** Where a state comes from; `''` and NaN are unknown. */
export interface StateSource {
  /** How a reader would call it: the files. */
  readonly name: string
  readonly branch: string
  readonly commit: string
  readonly runId: number
  /** When it was made, ms UTC. */
  readonly time: number
}

/** An incident as the next run needs it. */
export type KnownIncident = Pick<
  Incident,
  | 'fingerprint'
  | 'category'
  | 'severity'
  | 'start'
  | 'end'
  | 'scope'
  | 'metric'
  | 'unit'
  | 'actual'
  | 'expected'
  | 'support'
  | 'affected'
  | 'effect'
>

/** What a run leaves for those that compare themselves with it: anomaly-state.json. */
export interface State {
  readonly source: StateSource
  /** Why it must not be anybody's baseline; `''` when it may. */
  readonly unfit: string
  readonly baseline: Baseline
  /** Those above the watch list, and expected ones. */
  readonly incidents: readonly KnownIncident[]
}

/** How an endpoint's latency moved: medians in ms, their ratio, and its 95 % confidence interval by order statistics. */
export interface LatencyChange {
  readonly endpoint: string
  readonly beforeMs: number
  readonly afterMs: number
  readonly ratio: number
  readonly lower: number
  readonly upper: number
  readonly requestsBefore: number
  readonly requestsAfter: number
}

/** What an endpoint answers differently, in words of fixed kinds; names of fields and statuses are log text. */
export interface EndpointChange {
  readonly endpoint: string
  readonly kind: 'status' | 'size' | 'content' | 'fields'
  readonly text: string
}

/** An incident of the baseline that this log does not show. */
export interface GoneIncident {
  readonly incident: KnownIncident
  /** Requests in its scope in this log. */
  readonly requests: number
  /** Bad ones of them; NaN where that is not what the incident was about. */
  readonly affected: number
}

/** This log against the baseline. */
export interface Comparison {
  readonly source: StateSource
  /** Age of the baseline in ms, NaN unknown. */
  readonly ageMs: number
  readonly fixed: readonly GoneIncident[]
  /** Those with too few requests in this log to tell. */
  readonly untold: readonly GoneIncident[]
  readonly appeared: readonly { readonly endpoint: string; readonly requests: number }[]
  readonly vanished: readonly { readonly endpoint: string; readonly requests: number }[]
  readonly changed: readonly EndpointChange[]
  /** Largest change first. */
  readonly latency: readonly LatencyChange[]
}

export const SENSITIVITIES = ['low', 'normal', 'high'] as const
export type Sensitivity = (typeof SENSITIVITIES)[number]
export const FORESTS = ['isolation-forest', 'ml-isolation-forest'] as const
export type ForestEngine = (typeof FORESTS)[number]

/** The smallest effect that is worth a reviewer's attention, whatever its p-value. */
export interface Minimum {
  /** Requests in the incident. */
  readonly requests: number
  /** Bad requests in all requests (0..1), above the expected share; it must also double. */
  readonly share: number
  /** Relative change of traffic, e.g. 0.2. */
  readonly traffic: number
  /** Ratio of medians, e.g. 1.3. */
  readonly latency: number
}

/** What must hold whatever is usual. NaN: no objective. */
export interface Objectives {
  /** Largest share (0..1) of server errors and missing answers. */
  readonly errorShare: number
  /** Largest share (0..1) of silent failures in 2xx answers. */
  readonly silentShare: number
  /** Largest p95 in ms by endpoint (`METHOD /route`). */
  readonly p95Ms: ReadonlyMap<string, number>
}

/** An incident that somebody has seen and accepted: by fingerprint, or by category with a scope. */
export interface Ignore {
  readonly fingerprint: string | null
  readonly category: Category | null
  /** Values may hold `*` for any run of characters. */
  readonly scope: Scope
  readonly reason: string
  /** ms UTC after which the entry no longer counts; NaN never. */
  readonly until: number
  /**
   * `expected`: it is real and known, and stays no part of what is usual. `false alarm`: it is usual. `new normal`: it is
   * usual from now on, and what was usual in its scope before no longer counts.
   */
  readonly verdict: Acknowledgement
}

/** How a run judges. */
export interface Settings {
  /** Width of the windows; null chooses by span and volume. */
  readonly windowMs: number | null
  readonly seed: number
  readonly sensitivity: Sensitivity
  readonly forest: ForestEngine
  /** What slices are cut by. */
  readonly dimensions: readonly Dimension[]
  readonly minimum: Minimum
  readonly objectives: Objectives
  readonly ignore: readonly Ignore[]
  /** ms UTC; only `until` of ignored incidents asks for it. */
  readonly now: number
}

export const DEFAULT_SETTINGS: Settings = {
  windowMs: null,
  seed: 1,
  sensitivity: 'normal',
  forest: 'isolation-forest',
  dimensions: DIMENSIONS,
  minimum: { requests: 5, share: 0.01, traffic: 0.2, latency: 1.3 },
  objectives: { errorShare: Number.NaN, silentShare: Number.NaN, p95Ms: new Map() },
  ignore: [],
  now: 0,
}
