import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { renderKernel } from './forest-kernel.ts'

test("the forest's WebAssembly is what its source gives: bun scripts/forest-kernel.ts", async () => {
  const path = new URL('../src/models/forest-kernel-code.ts', import.meta.url)
  expect(readFileSync(path, 'utf8')).toBe(await renderKernel())
})
