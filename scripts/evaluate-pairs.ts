/** How exact the comparison with main is: `bun scripts/evaluate-pairs.ts --help`. */
import { parseNumber, parseOptions, runCommand } from './command.ts'
import { PAIR_CASES, PAIR_FAMILIES, playCleanPair, playPair } from './evaluate/pairs.ts'

const USAGE = `Usage: bun scripts/evaluate-pairs.ts [options]

Plays pairs of logs, main and a change, whose difference is known, and prints how many were told exactly, and what not.

  --runs N          seeds of each of the ${PAIR_CASES.length} cases (default 10)
  --clean-pairs N   pairs of clean logs, over all families (default 100)
  --part SHARE      length of the clean logs as a share of their family’s, 0.1 to 1 (default 0.5)
  --help            print this
`

async function evaluateCases(runs: number): Promise<void> {
  for (const pair of PAIR_CASES) {
    const wrong: string[] = []
    for (let seed = 1; seed <= runs; seed++) {
      const found = await playPair(pair, seed)
      if (found !== '') wrong.push(`  seed ${seed}: ${found}`)
    }
    console.log([`${pair.name}: ${runs - wrong.length} of ${runs} exactly right`, ...wrong].join('\n'))
  }
}

async function evaluateCleanPairs(pairs: number, part: number): Promise<void> {
  let alarms = 0
  for (let i = 0; i < pairs; i++) {
    const family = PAIR_FAMILIES[i % PAIR_FAMILIES.length]
    const lines = await playCleanPair(family, i + 1, part)
    alarms += lines.length
    for (const line of lines) console.log(`${family.name}, pair ${i + 1}: ${line}`)
  }
  console.log(`${pairs} pairs of clean runs: ${alarms} new incidents above low`)
}

await runCommand(USAGE, async () => {
  const { values } = parseOptions({
    options: {
      runs: { type: 'string', default: '10' },
      'clean-pairs': { type: 'string', default: '100' },
      part: { type: 'string', default: '0.5' },
    },
  })
  const part = parseNumber('part', values.part, [0.1, 1], 'number')
  const pairs = parseNumber('clean-pairs', values['clean-pairs'], [0, 10_000])
  await evaluateCases(parseNumber('runs', values.runs, [0, 10_000]))
  await evaluateCleanPairs(pairs, part)
})
