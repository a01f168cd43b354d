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
}

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
}
