import { expect, test } from 'bun:test'
import { evaluate } from './evaluate.ts'

const size = { rows: 50_000, days: 14, form: 'csv' } as const

test('planted incidents are found with the right category and scope, and little else is', async () => {
  const { found, planted, surplus } = await evaluate([1, 3, 9], { ...size, clean: false })
  expect(planted).toBe(24)
  expect(found).toBeGreaterThanOrEqual(22)
  expect(surplus).toBe(0)
}, 60_000)

test('clean logs give nothing above low', async () => {
  const { surplus, lines } = await evaluate([1, 2, 3, 4], { ...size, clean: true })
  expect({ surplus, lines: lines.filter((line) => line.startsWith('  ')) }).toEqual({ surplus: 0, lines: [] })
}, 60_000)
