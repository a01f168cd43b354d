/**
 * How exact the comparison with main is.
 * `bun scripts/evaluate-pairs.ts [--runs 10] [--clean-pairs 100] [--part 0.5]` plays every case with so many seeds, and
 * so many pairs of clean runs of part of their family's length; it prints a table, and what went wrong.
 */
import { parseArgs } from 'node:util'
import { PAIR_CASES, PAIR_FAMILIES, playCleanPair, playPair } from './evaluate/pairs.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    'clean-pairs': { type: 'string', default: '100' },
    part: { type: 'string', default: '0.5' },
  },
})
const runs = Number(values.runs)
const pairs = Number(values['clean-pairs'])
for (const pair of PAIR_CASES) {
  const wrong: string[] = []
  for (let seed = 1; seed <= runs; seed++) {
    const found = await playPair(pair, seed)
    if (found !== '') wrong.push(`  seed ${seed}: ${found}`)
  }
  console.log([`${pair.name}: ${runs - wrong.length} of ${runs} exactly right`, ...wrong].join('\n'))
}
let alarms = 0
for (let i = 0; i < pairs; i++) {
  const family = PAIR_FAMILIES[i % PAIR_FAMILIES.length]
  const lines = await playCleanPair(family, i + 1, Number(values.part))
  alarms += lines.length
  for (const line of lines) console.log(`${family.name}, pair ${i + 1}: ${line}`)
}
console.log(`${pairs} pairs of clean runs: ${alarms} new incidents above low`)
