/** The config file: its keys, and what their values must be. */
import {
  ACKNOWLEDGEMENTS,
  type Category,
  DIMENSIONS,
  type Dimension,
  type Ignore,
  type Minimum,
  type Objectives,
  type Scope,
  SENSITIVITIES,
  type Sensitivity,
} from '../types.ts'
import {
  FILE,
  LAST_DAY,
  NAME,
  numberFrom,
  oneOf,
  type Rule,
  SWITCH,
  TIMEZONE,
  WINDOW,
  wholeNumberFrom,
} from './rules.ts'
import { type Entry, type TextFile, YamlTree } from './yaml-tree.ts'

/** What a config file says; undefined: nothing. */
export interface Config {
  readonly windowMs: number | undefined
  readonly timezone: string | undefined
  readonly format: string | undefined
  readonly logFormat: string | undefined
  /** Their column by our field. */
  readonly map: ReadonlyMap<string, string>
  readonly openapi: string | undefined
  /** Path of a schema file by endpoint (`METHOD /route`). */
  readonly payloadSchemas: ReadonlyMap<string, string>
  readonly dimensions: readonly Dimension[] | undefined
  readonly sensitivity: Sensitivity | undefined
  readonly minimum: Partial<Minimum>
  readonly objectives: Partial<Objectives>
  readonly ignore: readonly Ignore[]
  readonly redact: boolean | undefined
}

const KEYS = [
  'window',
  'timezone',
  'format',
  'logFormat',
  'map',
  'openapi',
  'payloadSchemas',
  'dimensions',
  'sensitivity',
  'minimum',
  'objectives',
  'ignore',
  'redact',
] as const

const CATEGORIES = [
  'silent_failure',
  'error_spike',
  'traffic_drop',
  'traffic_surge',
  'latency_surge',
  'outlier',
] as const satisfies readonly Category[]

const SHARE = numberFrom(0, 1)
const FINGERPRINT: Rule<string> = {
  rule: 'a fingerprint as in incidents.json',
  parse: (text) => (/^\S+$/.test(text) ? text : undefined),
}

/** @param faults gets a line for every key and value that breaks a rule */
export function parseConfig(file: TextFile, faults: string[]): Config {
  const tree = new YamlTree(file, faults)
  const keys = tree.root === undefined ? {} : tree.record(tree.root, KEYS)
  return {
    windowMs: tree.value(keys.window, WINDOW),
    timezone: tree.value(keys.timezone, TIMEZONE),
    format: tree.value(keys.format, NAME),
    logFormat: tree.value(keys.logFormat, NAME),
    map: readTexts(tree, keys.map, 'a map like {status: http_code}', NAME),
    openapi: tree.value(keys.openapi, FILE),
    payloadSchemas: readTexts(
      tree,
      keys.payloadSchemas,
      'a map like {"POST /v2/checkout": checkout.schema.json}',
      FILE,
    ),
    dimensions: readDimensions(tree, keys.dimensions),
    sensitivity: tree.value(keys.sensitivity, oneOf(SENSITIVITIES)),
    minimum: readMinimum(tree, keys.minimum),
    objectives: readObjectives(tree, keys.objectives),
    ignore: readIgnore(tree, keys.ignore),
    redact: tree.value(keys.redact, SWITCH),
  }
}

/** A map whose values all obey one rule. */
function readTexts<Value>(
  tree: YamlTree,
  entry: Entry | undefined,
  mapRule: string,
  rule: Rule<Value>,
): Map<string, Value> {
  const texts = new Map<string, Value>()
  if (entry === undefined) return texts
  for (const [key, item] of tree.map(entry, mapRule)) {
    const value = tree.value(item, rule)
    if (value !== undefined) texts.set(key, value)
  }
  return texts
}

function readDimensions(tree: YamlTree, entry: Entry | undefined): readonly Dimension[] | undefined {
  if (entry === undefined) return undefined
  const rule = oneOf(DIMENSIONS)
  const listed = tree.list(entry, `a list of ${DIMENSIONS.join(', ')}`).map((item) => tree.value(item, rule))
  return DIMENSIONS.filter((dimension) => listed.includes(dimension))
}

function readMinimum(tree: YamlTree, entry: Entry | undefined): Partial<Minimum> {
  if (entry === undefined) return {}
  const keys = tree.record(entry, ['requests', 'share', 'traffic', 'latency'])
  return withoutUndefined({
    requests: tree.value(keys.requests, wholeNumberFrom(1, 1_000_000_000)),
    share: tree.value(keys.share, SHARE),
    traffic: tree.value(keys.traffic, numberFrom(0, 1_000)),
    latency: tree.value(keys.latency, numberFrom(1, 1_000)),
  })
}

function readObjectives(tree: YamlTree, entry: Entry | undefined): Partial<Objectives> {
  if (entry === undefined) return {}
  const keys = tree.record(entry, ['errorShare', 'silentShare', 'p95Ms'])
  return withoutUndefined({
    errorShare: tree.value(keys.errorShare, SHARE),
    silentShare: tree.value(keys.silentShare, SHARE),
    p95Ms: readTexts(tree, keys.p95Ms, 'a map like {"GET /v2/orders": 300}', numberFrom(1, 86_400_000)),
  })
}

function readIgnore(tree: YamlTree, entry: Entry | undefined): Ignore[] {
  if (entry === undefined) return []
  return tree.list(entry, 'a list of {fingerprint or category and scope, reason, until, verdict}').map((item) => {
    const keys = tree.record(item, ['fingerprint', 'category', 'scope', 'reason', 'until', 'verdict'])
    const isByFingerprint = keys.fingerprint !== undefined
    const isByScope = keys.category !== undefined && keys.scope !== undefined
    if (
      isByFingerprint === (keys.category !== undefined || keys.scope !== undefined) ||
      isByFingerprint === isByScope
    ) {
      tree.fault(item, 'an entry with either a fingerprint, or a category and a scope')
    }
    return {
      fingerprint: tree.value(keys.fingerprint, FINGERPRINT) ?? null,
      category: tree.value(keys.category, oneOf(CATEGORIES)) ?? null,
      scope: readScope(tree, keys.scope),
      reason: tree.value(keys.reason, NAME) ?? '',
      until: tree.value(keys.until, LAST_DAY) ?? Number.NaN,
      verdict: tree.value(keys.verdict, oneOf(ACKNOWLEDGEMENTS)) ?? 'expected',
    }
  })
}

function readScope(tree: YamlTree, entry: Entry | undefined): Scope {
  if (entry === undefined) return {}
  const keys = tree.record(entry, DIMENSIONS)
  const scope: Scope = {}
  for (const dimension of DIMENSIONS) {
    const pattern = tree.value(keys[dimension], NAME)
    if (pattern !== undefined) scope[dimension] = pattern
  }
  return scope
}

type Known<Values> = { [Key in keyof Values]?: Exclude<Values[Key], undefined> }

/** The values that were given, to be spread over defaults. */
function withoutUndefined<Values extends object>(values: Values): Known<Values> {
  const known: Known<Values> = { ...values }
  for (const key in known) if (known[key] === undefined) delete known[key]
  return known
}
