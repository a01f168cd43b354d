/** Writes a generated log and the truth about it: `bun scripts/generate.ts --out DIR`. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateLog } from '../src/logs/generate.ts'
import { LOG_FILES, type LogForm, renderLog, renderTruth } from '../src/logs/generate-text.ts'
import { parseNumber, parseOptions, runCommand, UsageError } from './command.ts'

const USAGE = `Usage: bun scripts/generate.ts --out DIR [options]

Writes a realistic API log with planted incidents, and truth.json that says what was planted.

  --out DIR     folder to write to, made when missing
  --as FORM     ${formList()} (default csv)
  --rows N      records, 1 to 1000000 (default 50000)
  --days N      length of the log, 0.01 to 365 (default 14)
  --seed N      0 to 4294967295 (default 1): same options and seed, same bytes
  --clean       plant nothing
  --help        print this
`

interface Options {
  readonly out: string
  readonly form: LogForm
  readonly rows: number
  readonly days: number
  readonly seed: number
  readonly clean: boolean
}

function formList(): string {
  return Object.keys(LOG_FILES).join(', ')
}

function isForm(text: string): text is LogForm {
  return Object.hasOwn(LOG_FILES, text)
}

function parseGenerated(): Options {
  const { values } = parseOptions({
    options: {
      out: { type: 'string' },
      as: { type: 'string', default: 'csv' },
      rows: { type: 'string', default: '50000' },
      days: { type: 'string', default: '14' },
      seed: { type: 'string', default: '1' },
      clean: { type: 'boolean', default: false },
    },
  })
  const { out, as: form, rows, days, seed, clean } = values
  if (!out) throw new UsageError(`'--out' must name a folder, got ${out === undefined ? 'none' : `'${out}'`}`)
  if (!isForm(form)) throw new UsageError(`'--as' must be one of ${formList()}, got '${form}'`)
  return {
    out,
    form,
    rows: parseNumber('rows', rows, [1, 1_000_000]),
    days: parseNumber('days', days, [0.01, 365], 'number'),
    seed: parseNumber('seed', seed, [0, 4_294_967_295]),
    clean,
  }
}

async function writeGenerated({ out, form, rows, days, seed, clean }: Options): Promise<string> {
  const { records, truth } = generateLog({ rows, days, seed, clean })
  const logPath = join(out, LOG_FILES[form])
  const truthPath = join(out, 'truth.json')
  try {
    await mkdir(out, { recursive: true })
    await writeFile(logPath, renderLog(records, form))
    await writeFile(truthPath, renderTruth(truth))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`'--out' must be a folder that can be written to, got '${out}': ${reason}`, { cause: error })
  }
  const counts = `${rows} records, ${truth.events.length} planted events, ${truth.silentRecords.length} silent failures`
  return `wrote ${logPath} and ${truthPath}: ${counts}`
}

await runCommand(USAGE, async () => {
  process.stdout.write(`${await writeGenerated(parseGenerated())}\n`)
})
