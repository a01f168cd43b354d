/** The command: `bun scripts/run.ts [FILE|DIR|GLOB|-]… [options]`. What it needs for `--help` alone, and the one catch. */
import { parseCommand, renderHelp } from '../src/inputs/command.ts'
import { InputError } from '../src/logs/input-error.ts'
import { terminalText } from '../src/report/escape.ts'

const BAD_USAGE = 2

const given = parseCommand(process.argv.slice(2))
try {
  if (given.values.has('help')) process.stdout.write(renderHelp())
  else if (given.values.has('version')) process.stdout.write(`${await readVersion()}\n`)
  else if (given.values.has('doctor')) {
    const { examineLogs } = await import('./doctor.ts')
    await examineLogs(given)
  } else {
    const { analyse } = await import('./analyse.ts')
    process.exitCode = await analyse(given)
  }
} catch (error) {
  process.stderr.write(describe(error))
  process.exitCode = BAD_USAGE
}

async function readVersion(): Promise<string> {
  return (await import('../package.json', { with: { type: 'json' } })).default.version
}

/** A fault of the input is told in a line each; anything else is a fault of this program and shows where. */
function describe(error: unknown): string {
  const text =
    error instanceof InputError
      ? error.message
      : `This is a fault of the program, not of your input. Please report it with these lines:\n${Bun.inspect(error)}`
  return text
    .split('\n')
    .map((line) => `${terminalText(line)}\n`)
    .join('')
}
