import { groupBy, mergeVersions } from '../facts.ts'
import { betaBinomialUpperTail } from '../math/distributions.ts'
import type { Shape } from '../shapes.ts'
import { type EndpointFacts, type LogTable, PAYLOAD } from '../types.ts'
import { createShapeReader } from './body-facts.ts'
import { buildClauses, type Clause, FEWEST_ANSWERS } from './contract-clauses.ts'
import { renderContractReason } from './contract-words.ts'

/** Clauses that would be found broken in a run by chance alone, as for incidents: marked answers are shown one by one. */
const FALSE_BREACHES_PER_RUN = 0.005
/** Fewer answers than an incident needs are the odd record. */
const FEWEST_BREACHES = 5
/** A share this much larger than the baseline's is no drift of an optional field or of empty answers. */
const BREACH_FACTOR = 5
/** When so many of a version's answers break a clause, the endpoint has a new form there: a fact, not a failure. */
const NEW_FORM_SHARE = 0.9
/** A version with fewer answers has no form of its own; it is judged with those of unknown version. */
const FEWEST_OF_A_VERSION = 10
/** `reason` is a byte. */
const MOST_REASONS = 256
const ANOTHER_BREACH = 'another field or form than before'

/**
 * Marks 2xx answers that break what the baseline's answers of their endpoint promise, where so many do that the baseline
 * does not explain it: fields that were always there, their types, lists that were never empty, the kind of content.
 *
 * @param baseline what endpoints answered, by version
 * @returns the same table when no contract is broken
 */
export function flagBrokenContracts(
  table: LogTable,
  baseline: readonly EndpointFacts[],
): { table: LogTable; notes: readonly string[] } {
  if (table.shape.values.length <= 1) return { table, notes: [] }
  const shapeOf = createShapeReader(table.shape)
  const usual = new Map(
    groupBy(baseline, ({ endpoint }) => endpoint).map((own) => [own[0].endpoint, mergeVersions(own)]),
  )
  const all: Endpoint[] = []
  const untaught: string[] = []
  for (const [endpoint, versions] of countShapes(table)) {
    const name = table.dimensions.endpoint.values[endpoint]
    const facts = usual.get(name)
    if (facts === undefined) continue
    all.push({ endpoint, clauses: buildClauses(facts), versions })
    const isLeftOut = facts.bodies < FEWEST_ANSWERS && (facts.contents['json object'] ?? 0) >= FEWEST_ANSWERS
    if (isLeftOut) untaught.push(name)
  }
  const broken = findBroken(all, shapeOf)
  return { table: mark(table, broken, shapeOf), notes: describeUntaught(untaught) }
}

/** Answers by shape. */
type ShapeCounts = ReadonlyMap<number, number>

interface Endpoint {
  readonly endpoint: number
  readonly clauses: readonly Clause[]
  /** By code of the version. */
  readonly versions: ReadonlyMap<number, ShapeCounts>
}

interface Broken {
  readonly endpoint: number
  readonly clause: Clause
  readonly breaches: number
  /** Versions in which it is the new form. */
  readonly changed: ReadonlySet<number>
}

/** Whether the form of a row is to be held against the baseline. */
function isJudged({ status, payload, shape }: LogTable, row: number): boolean {
  return shape.codes[row] !== 0 && payload[row] !== PAYLOAD.invalid && status[row] >= 200 && status[row] <= 299
}

function countShapes(table: LogTable): Map<number, Map<number, Map<number, number>>> {
  const { endpoint, version } = table.dimensions
  const counts = new Map<number, Map<number, Map<number, number>>>()
  for (let row = 0; row < table.rows; row++) {
    if (endpoint.codes[row] === 0 || !isJudged(table, row)) continue
    const versions = getOrCreate(counts, endpoint.codes[row], () => new Map<number, Map<number, number>>())
    const shapes = getOrCreate(versions, version.codes[row], () => new Map<number, number>())
    shapes.set(table.shape.codes[row], (shapes.get(table.shape.codes[row]) ?? 0) + 1)
  }
  return counts
}

function getOrCreate<Value>(map: Map<number, Value>, key: number, create: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) {
    value = create()
    map.set(key, value)
  }
  return value
}

/** The clauses that are broken more often than the baseline explains, the most often broken first. */
function findBroken(all: readonly Endpoint[], shapeOf: (code: number) => Shape | null): Broken[] {
  let judged = 0
  const candidates: (Broken & { readonly logP: number })[] = []
  for (const { endpoint, clauses, versions } of all) {
    for (const clause of clauses) {
      const { total, breaches, changed } = countBreaches(clause, versions, shapeOf)
      if (total === 0) continue
      judged++
      if (breaches < FEWEST_BREACHES || breaches * clause.total < BREACH_FACTOR * clause.bad * total) continue
      candidates.push({ endpoint, clause, breaches, changed, logP: logPOf(clause, breaches, total) })
    }
  }
  const limit = Math.log(FALSE_BREACHES_PER_RUN / Math.max(1, judged))
  return candidates
    .filter(({ logP }) => logP <= limit)
    .sort((a, b) => b.breaches - a.breaches || a.endpoint - b.endpoint)
}

/** ln p of so many breaches when the baseline's share holds: beta-binomial predictive tail, Jeffreys prior. */
function logPOf({ bad, total }: Clause, breaches: number, answers: number): number {
  return betaBinomialUpperTail(breaches, answers, Math.min(bad, 1e8) + 0.5, Math.min(total - bad, 1e8) + 0.5)
}

/** Breaches outside of versions in which the clause has changed; versions that are too small count together. */
function countBreaches(
  { judge, mayChange }: Clause,
  versions: Endpoint['versions'],
  shapeOf: (code: number) => Shape | null,
): { total: number; breaches: number; changed: Set<number> } {
  const small: { versions: number[]; total: number; breaches: number } = { versions: [], total: 0, breaches: 0 }
  const forms = [small]
  for (const [version, shapes] of versions) {
    const form = { versions: [version], total: 0, breaches: 0 }
    for (const [code, count] of shapes) {
      const shape = shapeOf(code)
      const breach = shape === null ? null : judge(shape)
      if (breach === null) continue
      form.total += count
      if (breach !== '') form.breaches += count
    }
    if (version !== 0 && form.total >= FEWEST_OF_A_VERSION) {
      forms.push(form)
      continue
    }
    small.versions.push(version)
    small.total += form.total
    small.breaches += form.breaches
  }
  const sum = { total: 0, breaches: 0, changed: new Set<number>() }
  for (const { versions: own, total, breaches } of forms) {
    if (mayChange && breaches > 0 && breaches >= NEW_FORM_SHARE * total) {
      for (const version of own) sum.changed.add(version)
    } else {
      sum.total += total
      sum.breaches += breaches
    }
  }
  return sum
}

function mark(table: LogTable, broken: readonly Broken[], shapeOf: (code: number) => Shape | null): LogTable {
  if (broken.length === 0) return table
  const byEndpoint = Map.groupBy(broken, (one) => one.endpoint)
  /** Of each clause, by what is wrong. */
  const codes = new Map(broken.map(({ clause }) => [clause, new Map<string, number>()]))
  const reasons = [...table.reasons]
  const payload = table.payload.slice()
  const reason = table.reason.slice()
  const { endpoint, version } = table.dimensions
  for (let row = 0; row < table.rows; row++) {
    const own = byEndpoint.get(endpoint.codes[row])
    if (own === undefined || !isJudged(table, row)) continue
    const shape = shapeOf(table.shape.codes[row])
    if (shape === null) continue
    for (const { clause, changed } of own) {
      const breach = changed.has(version.codes[row]) ? null : clause.judge(shape)
      if (breach === null || breach === '') continue
      const known = codes.get(clause)!
      const code = known.get(breach) ?? codeReason(reasons, renderContractReason(breach, clause.bad, clause.total))
      known.set(breach, code)
      payload[row] = PAYLOAD.invalid
      reason[row] = code
      break
    }
  }
  return { ...table, payload, reason, reasons }
}

/** The last place is for all that have none. */
function codeReason(reasons: string[], reason: string): number {
  const known = reasons.indexOf(reason)
  if (known >= 0) return known
  if (reasons.length < MOST_REASONS - 1) return reasons.push(reason) - 1
  if (reasons.length < MOST_REASONS) reasons.push(ANOTHER_BREACH)
  return MOST_REASONS - 1
}

function describeUntaught(endpoints: readonly string[]): string[] {
  if (endpoints.length === 0) return []
  const more = endpoints.length > 1 ? ` and ${endpoints.length - 1} more` : ''
  return [
    `The baseline keeps the fields of its busiest endpoints only: those of ${endpoints[0]}${more} are not judged.`,
  ]
}
