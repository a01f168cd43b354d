/**
 * Times our Isolation Forest: fit and score of a made table, printed as one line of JSON. Starting the workers counts as
 * scoring.
 *
 *     bun bench/forest.ts [--rows 1000000] [--columns 8] [--seed 1] [--workers 1]
 *
 * Without `--workers` there are as many as the machine has threads beside this one, which scores too. The same table goes
 * through `bench/peers/forest.py` (scikit-learn) and `bench/peers/forest-npm.ts` (the packages of npm).
 */
import { parseArgs } from 'node:util'
import { scoreForestInWorkers } from '../src/io/forest-workers.ts'
import { countThreads, startWorkers } from '../src/io/workers.ts'
import { fitForest } from '../src/models/isolation-forest.ts'
import { makeTable } from './forest-table.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    columns: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(countThreads() - 1) },
  },
})
const [rows, columns, seed, workers] = [values.rows, values.columns, values.seed, values.workers].map(Number)
const table = makeTable(rows, columns)

const start = performance.now()
const forest = fitForest(table, { seed })
const fitted = performance.now()
const pool = startWorkers(workers)
const scores = await scoreForestInWorkers(pool, forest, table)
const scored = performance.now()
await pool.close()

const { bun, node } = process.versions
const report = {
  engine: bun === undefined ? 'Node' : 'Bun',
  rows,
  columns,
  workers,
  fitSeconds: (fitted - start) / 1000,
  scoreSeconds: (scored - fitted) / 1000,
  checksum: scores.reduce((sum, score) => sum + score, 0),
  versions: bun === undefined ? { Node: node } : { Bun: bun },
}
process.stdout.write(`${JSON.stringify(report)}\n`)
