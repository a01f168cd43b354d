/** Turns what the user gave, as text, into one checked value. Pure: who calls reads the files. */
import { GATE_WORDS, type Gates } from './gates.ts'
import { GENERATE_OPTIONS, type GivenOptions, type OptionName } from './inputs/command.ts'
import type { Config } from './inputs/config.ts'
import {
  FILE,
  FOLDER,
  MAPPING,
  NAME,
  numberFrom,
  oneOf,
  quote,
  type Rule,
  TIMEZONE,
  WEB_HOST,
  WINDOW,
  wholeNumberFrom,
} from './inputs/rules.ts'
import { InputError } from './logs/input-error.ts'
import { DEFAULT_SETTINGS, FORESTS, SENSITIVITIES, type Settings } from './types.ts'

/** Everything that a run needs to know. */
export interface Inputs extends Gates {
  /** Logs to analyse: files, folders, globs, `-`. Empty: generate one. */
  readonly paths: readonly string[]
  /** Logs that show what is usual. */
  readonly baselinePaths: readonly string[]
  readonly out: string
  readonly settings: Settings
  readonly read: ReadInputs
  /** Path of a JSON Schema file by endpoint (`METHOD /route`). */
  readonly schemaPaths: ReadonlyMap<string, string>
  readonly openapiPath: string | null
  readonly charts: boolean
  readonly quiet: boolean
  /** Scheme and host of a chart server that may see aggregates; null: no data leaves. */
  readonly quickchartHost: string | null
  /** Mask secrets and personal data in everything that is written. */
  readonly redact: boolean
  readonly generate: { readonly rows: number; readonly days: number; readonly clean: boolean }
}

/** How to read logs. */
interface ReadInputs {
  /** IANA zone of times that name none. */
  readonly timezone: string
  /** Name of a reader; null: by content. */
  readonly format: string | null
  /** Their column by our field. */
  readonly map: ReadonlyMap<string, string>
  /** An nginx `log_format`, null for none. */
  readonly logFormat: string | null
}

const GATE = oneOf(GATE_WORDS)
/** A week of minutes. Time and memory grow with windows × slices, so a slip (1s for two weeks) must not start. */
const MOST_WINDOWS = 10_080
const DEFAULT_OUT = 'anomaly-report'
const SEED = wholeNumberFrom(0, 4_294_967_295)
const ROWS = wholeNumberFrom(1, 1_000_000)
const DAYS = numberFrom(0.01, 365)

/**
 * Checks everything that was given. The command line wins over the config file, the config file over the defaults.
 *
 * @param readConfig what the config file says, its faults added to those given; null for none
 * @param now ms UTC, see Settings
 * @throws InputError with a line for every fault
 */
export function loadInputs(
  given: GivenOptions,
  readConfig: ((faults: string[]) => Config) | null,
  now: number,
): Inputs {
  const faults = [...given.faults]
  const all = <Value>(name: OptionName, { rule, parse }: Rule<Value>): Value[] =>
    (given.values.get(name) ?? []).flatMap((text) => {
      const value = parse(text)
      if (value === undefined) faults.push(`'${given.prefix}${name}' must be ${rule}, got ${quote(text)}`)
      return value === undefined ? [] : [value]
    })
  const one = <Value>(name: OptionName, rule: Rule<Value>): Value | undefined => all(name, rule).at(-1)
  const has = (name: OptionName): boolean => given.values.has(name)

  const gateOf = (name: 'fail-on' | 'warn-on') => {
    const word = one(name, GATE) ?? 'none'
    return word === 'none' ? null : word
  }
  const inputs = {
    paths: given.paths,
    baselinePaths: all('baseline', FILE),
    out: one('out', FOLDER) ?? DEFAULT_OUT,
    failOn: gateOf('fail-on'),
    warnOn: gateOf('warn-on'),
    charts: !has('no-charts'),
    quiet: has('quiet'),
    quickchartHost: one('quickchart-host', WEB_HOST) ?? null,
    generate: { rows: one('rows', ROWS) ?? 50_000, days: one('days', DAYS) ?? 14, clean: has('clean') },
  }
  const fromCommand = {
    windowMs: one('window', WINDOW),
    seed: one('seed', SEED),
    sensitivity: one('sensitivity', oneOf(SENSITIVITIES)),
    forest: one('forest', oneOf(FORESTS)),
    timezone: one('timezone', TIMEZONE),
    format: one('format', NAME),
    map: all('map', MAPPING),
  }
  faults.push(...findMisuse(given))
  const fromFile = readConfig === null ? null : readConfig(faults)
  if (faults.length > 0) throw new InputError(faults.join('\n'))

  return {
    ...inputs,
    settings: loadSettings(fromCommand, fromFile, now),
    read: {
      timezone: fromCommand.timezone ?? fromFile?.timezone ?? 'UTC',
      format: fromCommand.format ?? fromFile?.format ?? null,
      map: new Map([...(fromFile?.map ?? []), ...fromCommand.map]),
      logFormat: fromFile?.logFormat ?? null,
    },
    schemaPaths: fromFile?.payloadSchemas ?? new Map(),
    openapiPath: fromFile?.openapi ?? null,
    redact: fromFile?.redact ?? true,
  }
}

/**
 * Checks a width that was given against the log that it is to cut.
 *
 * @param windowMs null: it is chosen by span and volume
 * @throws InputError when it makes more windows than can be judged
 */
export function checkWindow(windowMs: number | null, spanMs: number): void {
  if (windowMs === null || spanMs <= windowMs * MOST_WINDOWS) return
  const least = Math.ceil(spanMs / MOST_WINDOWS / 1000)
  throw new InputError(
    `'window' must cut the log into at most ${MOST_WINDOWS} windows: at least ${least}s here, got ${windowMs / 1000}s`,
  )
}

type Judging = { readonly [Key in 'windowMs' | 'seed' | 'sensitivity' | 'forest']: Settings[Key] | undefined }

function loadSettings(fromCommand: Judging, fromFile: Config | null, now: number): Settings {
  return {
    windowMs: fromCommand.windowMs ?? fromFile?.windowMs ?? DEFAULT_SETTINGS.windowMs,
    seed: fromCommand.seed ?? DEFAULT_SETTINGS.seed,
    sensitivity: fromCommand.sensitivity ?? fromFile?.sensitivity ?? DEFAULT_SETTINGS.sensitivity,
    forest: fromCommand.forest ?? DEFAULT_SETTINGS.forest,
    dimensions: fromFile?.dimensions ?? DEFAULT_SETTINGS.dimensions,
    minimum: { ...DEFAULT_SETTINGS.minimum, ...fromFile?.minimum },
    objectives: { ...DEFAULT_SETTINGS.objectives, ...fromFile?.objectives },
    ignore: fromFile?.ignore ?? DEFAULT_SETTINGS.ignore,
    now,
  }
}

/** Options about an analysis and its report. */
const WITHOUT_DOCTOR = [
  'baseline',
  'fail-on',
  'warn-on',
  'quickchart-host',
  'quiet',
] as const satisfies readonly OptionName[]

/** Options that would have no effect: silence about them would look like agreement. */
function findMisuse({ paths, values, prefix }: GivenOptions): string[] {
  const faults: string[] = []
  if (values.has('doctor') && paths.length === 0) {
    faults.push(`'${prefix}doctor' says what is in logs, and needs a FILE, DIR, GLOB or -`)
  }
  for (const name of values.has('doctor') ? WITHOUT_DOCTOR : []) {
    if (values.has(name))
      faults.push(`'${prefix}${name}' has no effect beside '${prefix}doctor', which analyses nothing`)
  }
  if (paths.includes('')) faults.push("a log must be a FILE, DIR, GLOB or -, got ''")
  for (const name of paths.length > 0 ? GENERATE_OPTIONS : []) {
    if (!values.has(name)) continue
    faults.push(
      `'${prefix}${name}' says how to generate a log, and may not stand beside a log to read, got ${quote(paths[0])}`,
    )
  }
  for (const name of paths.length > 0 || values.has('baseline') ? [] : (['format', 'map'] as const)) {
    if (values.has(name)) faults.push(`'${prefix}${name}' says how to read a log, and needs a FILE, DIR, GLOB or -`)
  }
  return faults
}
