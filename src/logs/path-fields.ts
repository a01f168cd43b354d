import { DIMENSIONS, type Dimension } from '../types.ts'
import { InputError } from './input-error.ts'
import { compilePattern, type Pattern } from './pattern.ts'

const PREFIX = 'path:'
/** File names are far shorter; what is cut is their beginning. */
const LONGEST_PATH = 1_000

/** What the names of files tell of their rows. */
interface PathFields {
  fieldsOf(file: string): Partial<Record<Dimension, string>>
  /** @throws InputError when a pattern matched none of the files */
  checkUsed(files: readonly string[]): void
}

/** Parts the user's `--map` into columns and patterns on the file's name (`path:PATTERN`). */
export function splitPathMap(map: Readonly<Record<string, string>>): {
  readonly columns: Readonly<Record<string, string>>
  readonly patterns: ReadonlyMap<string, string>
} {
  const entries = Object.entries(map)
  return {
    columns: Object.fromEntries(entries.filter(([, theirs]) => !theirs.startsWith(PREFIX))),
    patterns: new Map(
      entries.flatMap(([ours, theirs]) => (theirs.startsWith(PREFIX) ? [[ours, theirs.slice(PREFIX.length)]] : [])),
    ),
  }
}

/**
 * Compiles patterns on file names. The value is the group called like our field, else the only one.
 *
 * @param patterns by our field
 * @throws InputError when a field cannot come from a name, or a pattern cannot be used
 */
export function parsePathMap(patterns: ReadonlyMap<string, string>): PathFields {
  const parsed: { dimension: Dimension; group: string; pattern: Pattern; source: string; used: boolean }[] = []
  for (const [ours, source] of patterns) {
    const given = `'--map ${ours}=${PREFIX}${source}'`
    const dimension = DIMENSIONS.find((name) => name === ours)
    if (dimension === undefined) {
      throw new InputError(`${given}: a file's name can tell one of ${DIMENSIONS.join(', ')}, got '${ours}'`)
    }
    const pattern = compile(given, source)
    const group = pattern.names.find((name) => name === ours) ?? pattern.names[0]
    if (group === undefined || (group !== ours && pattern.names.length > 1)) {
      throw new InputError(`${given}: the pattern must have a group (?<${ours}>…)`)
    }
    parsed.push({ dimension, group, pattern, source: given, used: false })
  }
  return {
    fieldsOf(file) {
      const fields: Partial<Record<Dimension, string>> = {}
      for (const entry of parsed) {
        const match = entry.pattern.match(file.slice(-LONGEST_PATH))
        const value = match?.get(entry.group) ?? ''
        if (value === '') continue
        entry.used = true
        fields[entry.dimension] = value
      }
      return fields
    },
    checkUsed(files) {
      for (const { used, source } of parsed) {
        if (!used) throw new InputError(`${source}: no file's name matches; files: ${files.slice(0, 3).join(', ')}`)
      }
    },
  }
}

function compile(given: string, source: string): Pattern {
  try {
    return compilePattern(source)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(`${given}: ${error.message}`, { cause: error })
  }
}
