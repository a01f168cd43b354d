/** What the runner's log shows, and how the process ends. Needs no packages, so that the first line comes at once. */

/** The commands that the client libraries give; each is written at once, as one line, its data escaped. */
const COMMAND = /^::(?:add-mask|debug|error|warning|notice|group|endgroup)(?: [^\r\n]*?)?::[^\r\n]*\r?\n$/

/**
 * Lets nothing pass that the runner would take for a command but what is one: names and messages that libraries print may
 * come from a stranger.
 *
 * @param clean makes one line harmless
 */
export function guardOutput(clean: (line: string) => string): void {
  for (const stream of [process.stdout, process.stderr]) {
    const { write } = stream
    const value = (chunk: string | Uint8Array, ...rest: readonly unknown[]): unknown => {
      const text = typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)
      return Reflect.apply(write, stream, [COMMAND.test(text) ? text : cleanLines(text, clean), ...rest])
    }
    Object.defineProperty(stream, 'write', { value })
  }
}

function cleanLines(text: string, clean: (line: string) => string): string {
  return text
    .split(/\r?\n/)
    .map((line) => clean(line))
    .join('\n')
}

/** Writes lines to the step's log. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Tells the reason of a failure where the reader of the run sees it first. */
export async function sayFailure(message: string): Promise<void> {
  const core = await import('@actions/core')
  core.error(message)
}

/** Ends the process once everything is written: clients may have left sockets and timers behind. */
export function end(exitCode: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)))
}
