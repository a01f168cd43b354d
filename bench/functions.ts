/**
 * Times single functions that the command calls once a row, a cell, a test or a finding, and prints the median seconds
 * of one call as a line of JSON: `bun bench/functions.ts [--milliseconds 300]`.
 */
import { parseArgs } from 'node:util'
import { Bench } from 'tinybench'
import { createEndpointNamer } from '../src/logs/routes.ts'
import { createTimeParser } from '../src/logs/time.ts'
import { betaBinomialUpperTail } from '../src/math/distributions.ts'
import { createRandom } from '../src/math/random.ts'
import { fitForest, scoreForest } from '../src/models/isolation-forest.ts'
import { fitProphet } from '../src/models/prophet.ts'
import { codeSpan } from '../src/report/escape.ts'

/** Calls in one sample: a clock's own cost is then none of the figure. */
const CALLS = 1000
const FEATURES = 8
const HOUR = 3_600_000
const HOURS = 336
const START = Date.UTC(2026, 2, 2)

const random = createRandom(1)
const draw = (length: number) => Float64Array.from({ length }, () => random())
const texts = Array.from({ length: CALLS }, (_, i) => new Date(START + i * 997).toISOString())
const paths = Array.from({ length: CALLS }, (_, i) => `/v1/users/${1000 + i}/orders/${i}`)
const words = Array.from({ length: CALLS }, (_, i) => `GET /v1/\`${i}\`|<b>@team</b> [x](y)`)
const rows = Array.from({ length: FEATURES }, () => draw(CALLS))
const forest = fitForest(rows, { seed: 1 })
const series = {
  time: Float64Array.from({ length: HOURS }, (_, i) => START + i * HOUR),
  value: Float64Array.from({ length: HOURS }, (_, i) => 20 + 5 * Math.sin((2 * Math.PI * i) / 24) + random()),
}

const { values } = parseArgs({ options: { milliseconds: { type: 'string', default: '300' } } })
const bench = new Bench({ time: Number(values.milliseconds), warmupTime: Number(values.milliseconds) / 3 })
/** Calls of the function under test in one iteration of each task. */
const callsOf = new Map<string, number>()

function add(name: string, calls: number, work: () => unknown): void {
  callsOf.set(name, calls)
  bench.add(name, work)
}

const times = createTimeParser('UTC')
add('parse an ISO time', CALLS, () => {
  let sum = 0
  for (const text of texts) sum += times.parse(text)
  return sum
})
add('name the endpoint of a new path', CALLS, () => {
  // A namer remembers what it has seen.
  const nameEndpoint = createEndpointNamer()
  let length = 0
  for (const path of paths) length += nameEndpoint('GET', path).length
  return length
})
add('tail of a share (k of 400)', CALLS, () => {
  let sum = 0
  for (let k = 0; k < CALLS; k++) sum += betaBinomialUpperTail(k % 40, 400, 2.5, 97.5)
  return sum
})
add('score a row of 8 by 100 trees', CALLS, () => scoreForest(forest, rows))
add('fit a forest of 100 trees', 1, () => fitForest(rows, { seed: 1 }))
add('fit Prophet to two weeks of hours', 1, async () => {
  const fit = await fitProphet(series, { yearly: false })
  if (!fit.ok) throw new Error('the series must be one that Prophet can fit')
  fit.model.free()
})
add('escape a text for Markdown', CALLS, () => {
  let length = 0
  for (const word of words) length += codeSpan(word, { table: true }).length
  return length
})

const stages: Record<string, number> = {}
for (const task of await bench.run()) {
  const { result } = task
  if (result.state !== 'completed') throw new Error(`${task.name}: ${result.state}`)
  stages[task.name] = result.latency.p50 / 1000 / (callsOf.get(task.name) ?? 1)
}
process.stdout.write(`${JSON.stringify({ stages })}\n`)
