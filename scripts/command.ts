/** What all scripts for developers share: how options are parsed, and how a bad one is told. */
import { resolve } from 'node:path'
import { type ParseArgsConfig, parseArgs } from 'node:util'

/** A bad option, or a file or folder that cannot be used: told in one line. */
export class UsageError extends Error {}

/** Exit status of a command that was used in a wrong way, as in `scripts/run.ts`. */
const BAD_USAGE = 2

/**
 * Runs a command: prints its usage for `--help`, tells a UsageError in one line with exit status 2, and lets every other
 * error through.
 */
export async function runCommand(usage: string, work: () => Promise<void>): Promise<void> {
  try {
    if (process.argv.includes('--help')) process.stdout.write(usage)
    else await work()
  } catch (error) {
    process.exitCode = tellUsage(error)
  }
}

/** Tells a UsageError in one line. @returns the exit status. @throws every other error */
function tellUsage(error: unknown): number {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n`)
  return BAD_USAGE
}

/** Options and operands as `parseArgs` of `node:util` gives them. @throws UsageError when one is unknown or has no value */
export function parseOptions<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split(/\n|\. /)
    throw new UsageError(`${reason} (see --help)`, { cause: error })
  }
}

/** For a command whose only operand is a folder: that folder, or the usual one. `--help` and bad usage end the process. */
export function takeFolder(usage: string, usual: string): string {
  try {
    const { values, positionals } = parseOptions({ allowPositionals: true, options: { help: { type: 'boolean' } } })
    if (positionals.length > 1) throw new UsageError(`one folder can be given, got '${positionals.join("', '")}'`)
    if (!values.help) return resolve(positionals[0] ?? usual)
    process.stdout.write(usage)
    return process.exit(0)
  } catch (error) {
    return process.exit(tellUsage(error))
  }
}

/** A number of an option, from `low` to `high`, both included. @throws UsageError */
export function parseNumber(
  name: string,
  text: string,
  [low, high]: readonly [number, number],
  kind: 'whole number' | 'number' = 'whole number',
): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (value >= low && value <= high && (kind === 'number' || Number.isInteger(value))) return value
  throw new UsageError(`'--${name}' must be a ${kind} from ${low} to ${high}, got '${text}'`)
}
