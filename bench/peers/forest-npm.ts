/**
 * Times the Isolation Forests of npm on the table of bench/forest-table.ts, printed as a line of JSON each. Neither knows
 * a seed. `ml-isolation-forest` grows each tree from all rows, so that more than some 50,000 of them take minutes.
 *
 *     bun bench/peers/forest-npm.ts [--rows 50000] [--columns 8] [--package ml-isolation-forest]
 *
 * `isolation-forest` is no dependency of this project: it is timed where it can be found (`npm install --no-save
 * isolation-forest@0.0.9`), and left out elsewhere.
 */
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { makeTable } from '../forest-table.ts'

const TREES = 100
const SAMPLE = 256

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '50000' },
    columns: { type: 'string', default: '8' },
    package: { type: 'string', multiple: true, default: ['ml-isolation-forest', 'isolation-forest'] },
  },
})
const [rows, columns] = [values.rows, values.columns].map(Number)
const table = makeTable(rows, columns)
const load = createRequire(import.meta.url)

/** Makes a package's own table of ours, which is not timed, and says how it fits and scores. */
const ENGINES: Readonly<Record<string, () => { fit(): void; score(): ArrayLike<number> }>> = {
  'ml-isolation-forest': () => {
    const { IsolationForest } = load('ml-isolation-forest')
    const given = Array.from({ length: rows }, (_, row) => table.map((column) => column[row]))
    const forest = new IsolationForest({ nEstimators: TREES })
    return { fit: () => forest.train(given), score: () => forest.predict(given) }
  },
  'isolation-forest': () => {
    const { IsolationForest } = load('isolation-forest')
    const given = Array.from({ length: rows }, (_, row) =>
      Object.fromEntries(table.map((column, index) => [`column${index}`, column[row]])),
    )
    const forest = new IsolationForest(TREES, SAMPLE)
    return { fit: () => forest.fit(given), score: () => forest.predict(given) }
  },
}

for (const name of values.package) {
  if (!isInstalled(name)) {
    process.stderr.write(`${name} is not installed: left out\n`)
    continue
  }
  const { fit, score } = ENGINES[name]()
  const start = performance.now()
  fit()
  const fitted = performance.now()
  const scores = score()
  const scored = performance.now()
  const report = {
    engine: name,
    rows,
    columns,
    fitSeconds: (fitted - start) / 1000,
    scoreSeconds: (scored - fitted) / 1000,
    checksum: Array.from(scores).reduce((sum, value) => sum + value, 0),
    versions: { [name]: load(`${name}/package.json`).version },
  }
  process.stdout.write(`${JSON.stringify(report)}\n`)
}

function isInstalled(name: string): boolean {
  try {
    load.resolve(name)
    return true
  } catch {
    return false
  }
}
