/** The command line: its options, their help, and how arguments become options. */
import { parseArgs } from 'node:util'
import { GATE_WORDS } from '../gates.ts'
import { FORESTS, SENSITIVITIES } from '../types.ts'
import { quote } from './rules.ts'

interface OptionText {
  /** What stands for the value in the help; `''` for a flag. */
  readonly value: string
  readonly about: string
  readonly repeatable?: boolean
}

const OPTIONS = {
  out: { value: 'DIR', about: 'folder for the report (default anomaly-report)' },
  baseline: {
    value: 'FILE|DIR|GLOB',
    about: 'what is usual: log or anomaly-state.json, e.g. of main; repeatable',
    repeatable: true,
  },
  config: { value: 'FILE', about: 'settings (default .github/api-anomaly.yml, when there is one)' },
  format: { value: 'NAME', about: 'reader of the logs (default: told by their content)' },
  map: { value: 'ours=theirs', about: 'which column is ours, e.g. status=http_code; repeatable', repeatable: true },
  window: { value: '5m', about: 'width of the windows: 30s, 5m, 1h, 1d (default: by span and volume)' },
  timezone: { value: 'ZONE', about: 'IANA zone of times that name none (default UTC)' },
  seed: { value: 'N', about: 'same input, options and seed: same result (default 1)' },
  sensitivity: { value: SENSITIVITIES.join('|'), about: 'how weak a sign may be (default normal)' },
  'fail-on': {
    value: GATE_WORDS.join('|'),
    about: 'exit 1 from this severity on; new-…: if new or worse than in the baseline (default none)',
  },
  'warn-on': { value: GATE_WORDS.join('|'), about: 'likewise, but only warn (default none)' },
  forest: { value: FORESTS.join('|'), about: 'engine for outliers (default isolation-forest)' },
  'quickchart-host': {
    value: 'URL',
    about: 'put chart links to this server into summary.md: it sees the charts’ data',
  },
  doctor: { value: '', about: 'say what is recognised in the logs and what can be judged; analyse nothing' },
  'no-charts': { value: '', about: 'draw no charts' },
  quiet: { value: '', about: 'print nothing but errors and warnings' },
  help: { value: '', about: 'print this' },
  version: { value: '', about: 'print the version' },
  rows: { value: 'N', about: 'records, 1 to 1000000 (default 50000)' },
  days: { value: 'N', about: 'length of the log, 0.01 to 365 (default 14)' },
  clean: { value: '', about: 'plant no incidents' },
} as const satisfies Record<string, OptionText>

export type OptionName = keyof typeof OPTIONS
/** Those that only say how to generate a log. */
export const GENERATE_OPTIONS = ['rows', 'days', 'clean'] as const satisfies readonly OptionName[]

/** What somebody asked for, not yet checked. */
export interface GivenOptions {
  /** Logs to read, in order; none: generate one. */
  readonly paths: readonly string[]
  /** Texts by option, in order; a flag that was given has one, `''`. */
  readonly values: ReadonlyMap<OptionName, readonly string[]>
  /** What cannot even be read as options, a sentence each. */
  readonly faults: readonly string[]
  /** What the user writes before an option's name: the action has inputs of the same names. */
  readonly prefix: '--' | ''
}

/** @param args the words after the program's name */
export function parseCommand(args: readonly string[]): GivenOptions {
  // Not strict, because strict stops at the first fault and the user wants to know all of them.
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(OPTIONS).map(([name, { value }]) => [name, { type: value === '' ? 'boolean' : 'string' }]),
    ),
  })
  const paths: string[] = []
  const values = new Map<OptionName, string[]>()
  const faults: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') paths.push(token.value)
    if (token.kind !== 'option') continue
    const { name, rawName, value, inlineValue } = token
    if (!isOptionName(name) || !rawName.startsWith('--')) {
      faults.push(`${quote(rawName)} is not an option (see --help)`)
      continue
    }
    const placeholder = OPTIONS[name].value
    if (placeholder === '' && value !== undefined) {
      faults.push(`'--${name}' takes no value, got ${quote(value)}`)
    } else if (placeholder !== '' && (value === undefined || (!inlineValue && /^-./.test(value)))) {
      // `--out --quiet`: a value that begins with a dash must be written --out=--quiet to be believed.
      faults.push(`'--${name}' must be followed by a value (${placeholder}), got ${value ? quote(value) : 'none'}`)
    } else {
      const given = values.get(name)
      if (given === undefined || !isRepeatable(name)) values.set(name, [value ?? ''])
      else given.push(value ?? '')
    }
  }
  return { paths, values, faults, prefix: '--' }
}

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name)
}

function isRepeatable(name: OptionName): boolean {
  const option: OptionText = OPTIONS[name]
  return option.repeatable === true
}

const INDENT = 2
const WIDEST_OPTION = 30

/** What `--help` prints. */
export function renderHelp(): string {
  const generating = new Set<string>(GENERATE_OPTIONS)
  const names = Object.keys(OPTIONS)
  return `Usage: bun scripts/run.ts [FILE|DIR|GLOB|-]… [options]

Finds anomalies in API logs: silent failures, error spikes, traffic drops and surges, latency surges, outliers.
Reads CSV, JSON, access logs, JMeter, k6, HAR, OpenTelemetry traces and Parquet, also in gzip, zstd or zip; - reads
standard input. Without a log it generates one with planted incidents and analyses that.

Options
${renderOptions(names.filter((name) => !generating.has(name)))}
When it generates
${renderOptions(names.filter((name) => generating.has(name)))}
Exit status
  0  done
  1  an incident reached --fail-on
  2  bad usage or unreadable input

Examples
  bun scripts/run.ts                                          generated data, to see what a report looks like
  bun scripts/run.ts logs/ --out report                       all logs in a folder
  bun scripts/run.ts pr.csv --baseline main.csv               a pull request's log against main's
  bun scripts/run.ts 'logs/*.ndjson.gz' --map duration=took   a column that is not recognised by itself
  bun scripts/run.ts --doctor logs/                           what it would read, and how
  kubectl logs deploy/api | bun scripts/run.ts - --fail-on high
`
}

function renderOptions(names: readonly string[]): string {
  const options: Readonly<Record<string, OptionText>> = OPTIONS
  return names
    .map((name) => {
      const { value, about } = options[name]!
      const head = `${' '.repeat(INDENT)}--${name}${value === '' ? '' : ` ${value}`}`
      // A long option stands on its own line; its text lines up with the others below it.
      const gap =
        head.length + 2 > WIDEST_OPTION ? `\n${' '.repeat(WIDEST_OPTION)}` : ' '.repeat(WIDEST_OPTION - head.length)
      return `${head}${gap}${about}\n`
    })
    .join('')
}
