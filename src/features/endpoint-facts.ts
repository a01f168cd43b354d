import { HistogramBuilder } from '../math/histogram.ts'
import { type EndpointFacts, type LogTable, PAYLOAD } from '../types.ts'
import { buildBodyFacts, createShapeReader } from './body-facts.ts'
import { isContractReason } from './contract-words.ts'

/** A state must stay small: endpoints beyond these, the rarest, are left out, and versions of one beyond these. */
const MOST_ENDPOINTS = 1_000
const MOST_VERSIONS = 3
/** What each endpoint answers in each version: statuses, latency, sizes, contents and fields; busiest first. */
export function buildEndpointFacts(table: LogTable): EndpointFacts[] {
  const { endpoint, version } = table.dimensions
  const width = version.values.length
  const requests = new Map<number, number>()
  const keyOf = (row: number) => endpoint.codes[row] * width + version.codes[row]
  for (let row = 0; row < table.rows; row++) {
    if (endpoint.codes[row] === 0) continue
    const key = keyOf(row)
    requests.set(key, (requests.get(key) ?? 0) + 1)
  }
  const watched = chooseKeys(requests, width)
  const facts = new Map(
    watched.map((key) => [
      key,
      {
        statuses: new Map<number, number>(),
        latency: new HistogramBuilder(),
        sizes: new HistogramBuilder(),
        shapes: new Map<number, number>(),
      },
    ]),
  )
  // A failure is no example of what is usual. What is one only by the last baseline is: unless an incident took it away.
  const isExample = table.reasons.map((reason) => reason === '' || isContractReason(reason))
  for (let row = 0; row < table.rows; row++) {
    const known = facts.get(keyOf(row))
    if (known === undefined) continue
    const status = table.status[row]
    known.statuses.set(status, (known.statuses.get(status) ?? 0) + 1)
    known.latency.add(table.durationMs[row])
    if (status < 200 || status > 299) continue
    known.sizes.add(table.bytes[row])
    const shape = table.shape.codes[row]
    if (shape === 0 || !isExample[table.payload[row] === PAYLOAD.invalid ? table.reason[row] : 0]) continue
    known.shapes.set(shape, (known.shapes.get(shape) ?? 0) + 1)
  }
  const shapeOf = createShapeReader(table.shape)
  return Array.from(facts, ([key, { statuses, latency, sizes, shapes }]) => ({
    endpoint: endpoint.values[Math.floor(key / width)],
    version: version.values[key % width],
    requests: requests.get(key)!,
    statuses: Object.fromEntries([...statuses].sort(([a], [b]) => a - b)),
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
