import { DIMENSIONS, type Dimension, type Features, type Scope } from '../types.ts'
import { addGain, addRequests, createTally, type Tally } from './scope-fault.ts'

/** At most three dimensions: more describe single requests. */
const MOST_DIMENSIONS = 3
/** Natural log units that each further dimension must earn, beside the choice among its values (description length). */
const DIMENSION_COST = 3

/** A scope that may explain the bad requests of an interval. */
export interface Candidate {
  readonly dimensions: readonly Dimension[]
  /** Its values in these dimensions, see `keyOf`. */
  readonly key: number
  readonly tally: Tally
  /** Description length in natural log units; 0 for the whole. */
  readonly length: number
}

/** Requests of one combination of values in an interval. */
export interface Group {
  readonly combination: number
  readonly bad: number
  readonly total: number
  /** Usual share of bad ones, 0..1, exclusive. */
  readonly usual: number
}

/** Every scope that holds a bad request, the whole first, plainer ones before those of more dimensions. */
export function listCandidates(features: Features, groups: readonly Group[]): Candidate[] {
  const subsets = listSubsets(DIMENSIONS.filter((dimension) => features.table.dimensions[dimension].values.length > 2))
  const faulty = groups.filter(({ bad }) => bad > 0)
  const whole = createTally()
  const tallies = subsets.map(() => new Map<number, Tally>())
  // Only values that hold a bad request can explain one: they are listed first, then all requests are counted.
  for (const { combination } of faulty) {
    for (const [i, subset] of subsets.entries()) {
      const key = keyOf(features, subset, combination)
      if (key >= 0 && !tallies[i].has(key)) tallies[i].set(key, createTally())
    }
  }
  const visit = ({ combination }: Group, act: (tally: Tally) => void) => {
    act(whole)
    for (const [i, subset] of subsets.entries()) {
      const tally = tallies[i].get(keyOf(features, subset, combination))
      if (tally !== undefined) act(tally)
    }
  }
  for (const group of groups) visit(group, (tally) => addRequests(tally, group.bad, group.total, group.usual))
  for (const group of faulty) visit(group, (tally) => addGain(tally, group.bad, group.usual))

  const candidates: Candidate[] = [{ dimensions: [], key: 0, tally: whole, length: 0 }]
  for (const [i, dimensions] of subsets.entries()) {
    const length = descriptionLength(features, dimensions)
    for (const [key, tally] of tallies[i]) candidates.push({ dimensions, key, tally, length })
  }
  return candidates
}

/** One scope as a candidate, whatever it holds. */
export function buildCandidate(features: Features, groups: readonly Group[], scope: Scope): Candidate {
  const dimensions = DIMENSIONS.filter((dimension) => scope[dimension] !== undefined)
  let key = 0
  for (const dimension of dimensions) {
    const { values } = features.table.dimensions[dimension]
    key = key * values.length + values.indexOf(scope[dimension]!)
  }
  const own = groups.filter(({ combination }) => keyOf(features, dimensions, combination) === key)
  return { dimensions, key, tally: tallyGroups(own), length: descriptionLength(features, dimensions) }
}

/** What a parent has besides a part of it. */
export function tallyRest(features: Features, groups: readonly Group[], part: Candidate, parent: Candidate): Tally {
  const isRest = ({ combination }: Group) =>
    keyOf(features, parent.dimensions, combination) === parent.key &&
    keyOf(features, part.dimensions, combination) !== part.key
  return tallyGroups(groups.filter(isRest))
}

function tallyGroups(groups: readonly Group[]): Tally {
  const tally = createTally()
  for (const { bad, total, usual } of groups) addRequests(tally, bad, total, usual)
  for (const { bad, usual } of groups) if (bad > 0) addGain(tally, bad, usual)
  return tally
}

export function isPart(features: Features, part: Candidate, parent: Candidate): boolean {
  if (part.dimensions.length <= parent.dimensions.length) return false
  const [inner, outer] = [scopeOf(features, part), scopeOf(features, parent)]
  return parent.dimensions.every((dimension) => inner[dimension] === outer[dimension])
}

/** A version is a service's: its name says the service's too, so that a few healthy requests of the version before prove nothing. */
const VERSION_COST = DIMENSION_COST

function descriptionLength({ table }: Features, dimensions: readonly Dimension[]): number {
  let length = 0
  for (const dimension of dimensions) length += DIMENSION_COST + Math.log(table.dimensions[dimension].values.length - 1)
  const isNested = table.dimensions.service.values.length > 2 && !dimensions.includes('service')
  return dimensions.includes('version') && isNested ? length + VERSION_COST : length
}

function listSubsets(dimensions: readonly Dimension[]): Dimension[][] {
  let subsets: Dimension[][] = [[]]
  for (const dimension of dimensions) {
    subsets = subsets.concat(
      subsets.filter((subset) => subset.length < MOST_DIMENSIONS).map((subset) => [...subset, dimension]),
    )
  }
  return subsets.filter((subset) => subset.length > 0).sort((a, b) => a.length - b.length)
}

/** A combination's values in some dimensions as one number; -1 when one is unknown. */
function keyOf({ table, combinations }: Features, subset: readonly Dimension[], combination: number): number {
  let key = 0
  for (const dimension of subset) {
    const code = combinations.codes[dimension][combination]
    if (code === 0) return -1
    key = key * table.dimensions[dimension].values.length + code
  }
  return key
}

/** A candidate's values, its dimensions in their usual order. */
export function scopeOf({ table }: Features, { dimensions, key }: Candidate): Scope {
  const values: Scope = {}
  let rest = key
  for (const dimension of [...dimensions].reverse()) {
    const known = table.dimensions[dimension].values
    values[dimension] = known[rest % known.length]
    rest = Math.floor(rest / known.length)
  }
  const scope: Scope = {}
  for (const dimension of DIMENSIONS) if (values[dimension] !== undefined) scope[dimension] = values[dimension]
  return scope
}
