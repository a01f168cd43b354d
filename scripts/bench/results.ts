/** Measured figures as they are kept: bench/results.json, from which the board is rendered. */

/** One process from its start to its end. */
export interface Run {
  readonly wallSeconds: number
  /** User and system time of all its threads. */
  readonly cpuSeconds: number
  /** Highest resident set, in 10⁶ bytes. */
  readonly peakMb: number
  /** Seconds by stage, as the process itself says. */
  readonly stages: Readonly<Record<string, number>>
}

/** The runs of one subject at one task. */
export interface Measurement {
  readonly part: string
  readonly subject: string
  readonly rows: number
  /** Of the log: `csv`, `jsonl`; `''` where there is no log. */
  readonly form: string
  /** Size of the log, 0 where there is none. */
  readonly bytes: number
  readonly runs: readonly Run[]
}

export interface Results {
  readonly machine: string
  /** What was measured and by what, by name. */
  readonly versions: Readonly<Record<string, string>>
  readonly measurements: readonly Measurement[]
}

/** What a process says about itself: its JSON lines, joined. */
export interface SelfReport {
  readonly stages: Readonly<Record<string, number>>
  readonly versions: Readonly<Record<string, string>>
}

/**
 * The JSON lines among the lines that a process printed: `{"stages": {name: seconds}, "versions": {…}}`; or fields that
 * end in `Seconds` (`fitSeconds` → `fit`), after the `engine` if the line names one (→ `engine fit`); or a stage a line,
 * `{"case", "stage", "seconds"}` (→ `case: stage`).
 *
 * @throws SyntaxError when a line begins like an object and is none
 */
export function parseSelfReport(output: string): SelfReport {
  const lines = output.split('\n').filter((line) => line.startsWith('{'))
  const stages: Record<string, number> = {}
  const versions: Record<string, string> = {}
  for (const line of lines) {
    const report: Record<string, unknown> = JSON.parse(line)
    const prefix = typeof report.engine === 'string' ? `${report.engine} ` : ''
    for (const [name, value] of Object.entries(report)) {
      if (typeof value === 'number' && name.endsWith('Seconds'))
        stages[prefix + name.slice(0, -'Seconds'.length)] = value
    }
    if (typeof report.stage === 'string' && typeof report.seconds === 'number')
      stages[`${report.case}: ${report.stage}`] = report.seconds
    for (const [name, value] of entriesOf(report.stages)) if (typeof value === 'number') stages[prefix + name] = value
    for (const [name, value] of entriesOf(report.versions)) versions[name] = String(value)
  }
  return { stages, versions }
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

/**
 * What is kept after a part was measured: its earlier figures are dropped, so that those that are compared come from one
 * run, or get the new runs added.
 */
export function joinPart(
  kept: readonly Measurement[],
  part: string,
  measured: readonly Measurement[],
  addRuns: boolean,
): Measurement[] {
  if (!addRuns) return [...kept.filter((one) => one.part !== part), ...measured]
  const isSame = (a: Measurement, b: Measurement) =>
    a.part === b.part && a.subject === b.subject && a.rows === b.rows && a.form === b.form
  const grown = kept.map((one) => {
    const more = measured.find((other) => isSame(one, other))
    return more === undefined ? one : { ...more, runs: [...one.runs, ...more.runs] }
  })
  return [...grown, ...measured.filter((one) => !kept.some((other) => isSame(one, other)))]
}

/** One measurement a line, so that a diff shows which were taken anew; times to 0.1 ms, memory to 0.1 MB. */
export function renderResults({ machine, versions, measurements }: Results): string {
  const round = (key: string, value: unknown) =>
    typeof value !== 'number' || Number.isInteger(value)
      ? value
      : key === 'peakMb'
        ? Number(value.toFixed(1))
        : Number(value.toPrecision(5))
  const lines = measurements.map((measured) => `\n    ${JSON.stringify(measured, round)}`)
  return `{
  "machine": ${JSON.stringify(machine)},
  "versions": ${JSON.stringify(versions)},
  "measurements": [${lines.join(',')}
  ]
}
`
}

/** @throws SyntaxError when the text is no JSON; Error when it holds no measurements */
export function parseResults(text: string): Results {
  const value: Partial<Results> = JSON.parse(text)
  if (!Array.isArray(value.measurements)) throw new Error(`results must hold 'measurements', got ${text.slice(0, 80)}`)
  return { machine: value.machine ?? '', versions: value.versions ?? {}, measurements: value.measurements }
}
