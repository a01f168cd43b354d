/** The log of a pull request's tests, for tests. */
import { createRandom } from '../math/random.ts'
import type { Logs } from '../types.ts'
import { buildLogs, type FixtureRow } from './log-fixture.ts'

const ENDPOINTS = [
  ['GET', '/cart'],
  ['POST', '/cart'],
  ['GET', '/items'],
  ['POST', '/checkout'],
  ['GET', '/checkout'],
  ['GET', '/orders'],
] as const

/**
 * Ten minutes of an end-to-end test: six endpoints of two services in three regions and two versions, 0.4 % failing.
 *
 * @param change what is otherwise of a request; null: it was not made
 * @param requests in ten minutes
 */
export function testRun(
  seed: number,
  change: (row: FixtureRow, i: number) => FixtureRow | null = () => ({}),
  requests = 3000,
): Logs {
  const random = createRandom(seed)
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)]
  const rows = Array.from({ length: requests }, (_, i): FixtureRow | null => {
    const [method, path] = pick(ENDPOINTS)
    const row: FixtureRow = {
      time: Math.floor((i * 600_000) / requests),
      service: path === '/checkout' || path === '/orders' ? 'checkout' : 'shop',
      endpoint: `${method} ${path}`,
      region: pick(['eu-west-1', 'us-east-1', 'sa-east-1']),
      version: pick(['2.13.0', '2.14.0']),
      durationMs: 80 + 60 * random(),
      bytes: 900 + Math.floor(400 * random()),
      status: random() < 0.004 ? 500 : 200,
    }
    const changed = change(row, i)
    return changed === null ? null : { ...row, ...changed }
  })
  return buildLogs(rows.filter((row) => row !== null))
}
