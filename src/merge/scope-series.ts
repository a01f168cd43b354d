import type { Features, Scope, ShareMetric } from '../types.ts'

/** Bad and all requests of a scope by window, without removed rows. */
export function buildScopeSeries(
  features: Features,
  metric: ShareMetric,
  scope: Scope,
  removed: Uint8Array,
): { bad: Uint32Array; total: Uint32Array } {
  const { windowOf, grid } = features
  const test = features.shareTest(metric)
  const bad = new Uint32Array(grid.windows)
  const total = new Uint32Array(grid.windows)
  features.visitRows(scope, (row) => {
    if (removed[row] === 1) return
    const outcome = test(row)
    if (outcome === -1) return
    total[windowOf[row]]++
    bad[windowOf[row]] += outcome
  })
  return { bad, total }
}
