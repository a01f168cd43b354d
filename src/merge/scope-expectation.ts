import type { Features, ShareFindings } from '../types.ts'

/** Dimensions whose own shares make up a row's expected share; the others nest in them or are what changes. */
const EXPECTED_BY = ['endpoint', 'region', 'environment'] as const
/** One dimension's value never moves the expected share by more than this factor. */
const MOST_FACTOR = 10

/**
 * The share expected of each combination of values: the whole's, times how much its endpoint (or service), region and
 * environment usually lie above or below it.
 */
export function createExpectation(
  features: Features,
  findings: ShareFindings,
  from: number,
  to: number,
): (combination: number) => number {
  const { table, sliceTable, combinations } = features
  const overall = findings.judges[0]?.judge(from, to).share ?? 0.01
  const dimensions = EXPECTED_BY.map((dimension) =>
    dimension === 'endpoint' && table.dimensions.endpoint.values.length <= 2 ? 'service' : dimension,
  )
  const factors = dimensions.map((dimension) => {
    const { values } = table.dimensions[dimension]
    const codes = combinations.codes[dimension]
    const byValue = new Float64Array(values.length).fill(1)
    for (const [slice, { scope, level }] of sliceTable.slices.entries()) {
      const value = scope[dimension]
      const judge = findings.judges[slice]
      if (level !== 1 || value === undefined || !judge) continue
      const ratio = judge.judge(from, to).share / overall
      byValue[values.indexOf(value)] = Math.min(MOST_FACTOR, Math.max(1 / MOST_FACTOR, ratio))
    }
    return (combination: number) => byValue[codes[combination]]
  })
  return (combination) => {
    let share = overall
    for (const factor of factors) share *= factor(combination)
    return Math.min(0.95, Math.max(1e-7, share))
  }
}
