import { HistogramBuilder } from '../math/histogram.ts'
import { type Combinations, type EndpointFacts, type LogTable, PAYLOAD } from '../types.ts'
import { buildBodyFacts, createShapeReader } from './body-facts.ts'
import { buildCombinations } from './combinations.ts'
import { isContractReason } from './contract-words.ts'

/** A state must stay small: endpoints beyond these, the rarest, are left out, and versions of one beyond these. */
const MOST_ENDPOINTS = 1_000
const MOST_VERSIONS = 3
/** HTTP has three digits; what is more is no status. */
const MOST_STATUSES = 1_000

/** What each endpoint answers in each version: statuses, latency, sizes, contents and fields; busiest first. */
export function buildEndpointFacts(
  table: LogTable,
  combinations: Combinations = buildCombinations(table),
): EndpointFacts[] {
  const { endpoint, version } = table.dimensions
  const { codes } = combinations
  const width = version.values.length
  const keyOf = (combination: number) => codes.endpoint[combination] * width + codes.version[combination]
  const requests = new Map<number, number>()
  for (const [combination, count] of combinations.rows.entries()) {
    const key = keyOf(combination)
    if (codes.endpoint[combination] > 0) requests.set(key, (requests.get(key) ?? 0) + count)
  }
  const facts = chooseKeys(requests, width).map((key) => ({
    key,
    statuses: new Uint32Array(MOST_STATUSES),
    latency: new HistogramBuilder(),
    sizes: new HistogramBuilder(),
    shapes: new Map<number, number>(),
  }))
  const factOf = new Map(facts.map((fact) => [fact.key, fact]))
  const factOfCombination = Array.from({ length: combinations.count }, (_, combination) =>
    factOf.get(keyOf(combination)),
  )
  // A failure is no example of what is usual. What is one only by the last baseline is: unless an incident took it away.
  const isExample = table.reasons.map((reason) => reason === '' || isContractReason(reason))
  for (let row = 0; row < table.rows; row++) {
    const known = factOfCombination[combinations.of[row]]
    if (known === undefined) continue
    const status = table.status[row]
    // What an incident spoiled has none, and counts nowhere.
    if (status < MOST_STATUSES) known.statuses[status]++
    known.latency.add(table.durationMs[row])
    if (status < 200 || status > 299) continue
    known.sizes.add(table.bytes[row])
    const shape = table.shape.codes[row]
    if (shape === 0 || !isExample[table.payload[row] === PAYLOAD.invalid ? table.reason[row] : 0]) continue
    known.shapes.set(shape, (known.shapes.get(shape) ?? 0) + 1)
  }
  const shapeOf = createShapeReader(table.shape)
  return facts.map(({ key, statuses, latency, sizes, shapes }) => ({
    endpoint: endpoint.values[Math.floor(key / width)],
    version: version.values[key % width],
    requests: statuses.reduce((sum, count) => sum + count, 0),
    statuses: Object.fromEntries([...statuses.entries()].filter(([, count]) => count > 0)),
    latency: latency.build(),
    sizes: sizes.build(),
    ...buildBodyFacts(Array.from(shapes, ([code, count]) => [shapeOf(code), count])),
  }))
}

/** Endpoint × version: the busiest endpoints in turn, and their busiest versions. */
function chooseKeys(requests: ReadonlyMap<number, number>, width: number): number[] {
  const byEndpoint = new Map<number, { sum: number; keys: number[] }>()
  for (const [key, count] of requests) {
    const code = Math.floor(key / width)
    const known = byEndpoint.get(code) ?? { sum: 0, keys: [] }
    known.sum += count
    known.keys.push(key)
    byEndpoint.set(code, known)
  }
  return [...byEndpoint]
    .sort(([codeA, a], [codeB, b]) => b.sum - a.sum || codeA - codeB)
    .slice(0, MOST_ENDPOINTS)
    .flatMap(([, { keys }]) =>
      keys.sort((a, b) => requests.get(b)! - requests.get(a)! || a - b).slice(0, MOST_VERSIONS),
    )
}
