import { expect, test } from 'bun:test'
import { loadProphet, loadStan } from './wasm.ts'

test('loads each module once', async () => {
  expect(loadProphet()).toBe(loadProphet())
  expect(loadStan()).toBe(loadStan())
  const [Prophet, optimizer] = await Promise.all([loadProphet(), loadStan()])
  const prophet = new Prophet({ optimizer, uncertaintySamples: 0 })
  const ds = Array.from({ length: 50 }, (_, i) => 1_700_000_000 + i * 86_400)
  prophet.fit({ ds, y: ds.map((_, i) => i + (i % 3)) }, { seed: 1 })
  expect(prophet.predict({ ds: [ds[49]] }).yhat.point[0]).toBeCloseTo(50, 0)
})
