/**
 * The whole job again and again in one process, each time from the file to the report: what it takes once the engine has
 * compiled it. `bun bench/again.ts LOG --out DIR`, one line of JSON.
 */
import { analyse } from '../scripts/analyse.ts'
import { parseCommand } from '../src/inputs/command.ts'

const RUNS = ['first', 'second', 'third', 'fourth'] as const

const stages: Record<string, number> = {}
for (const name of RUNS) {
  const start = performance.now()
  await analyse(parseCommand([...process.argv.slice(2), '--quiet']))
  stages[name] = (performance.now() - start) / 1000
}
process.stdout.write(`${JSON.stringify({ stages })}\n`)
