import type { FileFacts } from '../logs/file-facts.ts'
import type { Features, Logs } from '../types.ts'
import { DIMENSIONS } from '../types.ts'
import { countKnown, countValues } from './counts.ts'

const MOST_ENDPOINTS = 3
/** A format less sure than this is worth naming. */
const SURE = 0.9
const UNIT_LETTERS: Readonly<Record<string, string>> = {
  seconds: 's',
  milliseconds: 'ms',
  microseconds: 'us',
  nanoseconds: 'ns',
}

/**
 * A config file that fixes what was only guessed. What is sure stays out, what only the team knows stands there as a
 * comment.
 *
 * @returns YAML
 */
export function proposeConfig(logs: Logs, files: readonly FileFacts[], features: Features, timezone: string): string {
  const lines = ['# .github/api-anomaly.yml']
  const formats = new Set(files.map(({ format }) => format))
  const unsure = files.find(({ formatSureness }) => formatSureness < SURE)
  if (unsure !== undefined && formats.size === 1) lines.push(`format: ${quote(unsure.format)}`)
  if (files.some(({ zoneless }) => zoneless > 0)) {
    lines.push(`timezone: ${quote(timezone)} # of the times that name none: check it`)
  }
  const map = proposeMap(files)
  if (map.length > 0) lines.push('map: # guessed: check them', ...map.map((line) => `  ${line}`))
  const used = DIMENSIONS.filter((dimension) => countValues(logs.table.dimensions[dimension]).length > 1)
  if (used.length > 0) lines.push(`dimensions: [${used.join(', ')}]`)
  lines.push(`# window: ${formatWindow(features.grid.windowMs)} # chosen by span and volume`)
  lines.push(...proposeObjectives(features))
  if (lines.every((line) => line.startsWith('#'))) lines.push('sensitivity: normal')
  return `${lines.join('\n')}\n`
}

/** Columns that were not told by their whole name, and units that were told by values; where all files agree. */
function proposeMap(files: readonly FileFacts[]): string[] {
  const theirsOf = new Map<string, Set<string>>()
  const isGuessed = new Set<string>()
  for (const { columns, guessedUnitOf, durationUnit } of files) {
    for (const { field, name, sureness } of columns) {
      const hasGuessedUnit = field === 'duration' && name === guessedUnitOf
      const theirs = hasGuessedUnit ? `${name}:${UNIT_LETTERS[durationUnit] ?? 'ms'}` : name
      theirsOf.set(field, (theirsOf.get(field) ?? new Set()).add(theirs))
      if (hasGuessedUnit || sureness === 'by part of its name' || sureness === 'by a vague name') isGuessed.add(field)
    }
  }
  return [...theirsOf].flatMap(([field, theirs]) => {
    const [only] = theirs
    return isGuessed.has(field) && theirs.size === 1 ? [`${field}: ${quote(only)}`] : []
  })
}

function proposeObjectives({ table }: Features): string[] {
  const busiest = countValues(table.dimensions.endpoint).slice(0, MOST_ENDPOINTS)
  const timed = busiest.flatMap(({ value }) => {
    const { p95 } = countKnown(table, value)
    return p95 > 0 ? [`#     ${quote(value)}: ${Number((2 * p95).toPrecision(1))} # twice the p95 of this log`] : []
  })
  const tellsNothing = busiest.filter(({ value }) => countKnown(table, value).examined === 0)
  return [
    ...(timed.length > 0 ? ['# objectives: # what must hold whatever is usual', '#   p95Ms:', ...timed] : []),
    ...(tellsNothing.length > 0
      ? [
          '# payloadSchemas: # when the log has bodies',
          ...tellsNothing.map(({ value }) => `#   ${quote(value)}: schemas/answer.json`),
        ]
      : []),
  ]
}

/** A text in double quotes is the same in JSON and YAML. */
function quote(text: string): string {
  return JSON.stringify(text)
}

function formatWindow(windowMs: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ] as const
  const unit = units.find(([, ms]) => windowMs % ms === 0)
  return unit === undefined ? `${windowMs / 1000}s` : `${windowMs / unit[1]}${unit[0]}`
}
