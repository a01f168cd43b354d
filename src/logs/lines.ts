/** Longest line that is read; a longer one is rejected without being held whole. */
export const LONGEST_LINE = 1024 * 1024
export const TOO_LONG = 'a line must not be longer than 1 MiB'
const LONGEST_EXCERPT = 200

export interface LineHandlers {
  /** @param line without its end; `number` is 1-based */
  onLine(line: string, number: number): void
  /** A line beyond `LONGEST_LINE`. */
  onLongLine(number: number, excerpt: string): void
  /** After each chunk. */
  onChunk?(): void
}

/** Splits chunks of text into lines at LF or CRLF. The last line needs no end. */
export async function readLines(text: AsyncIterable<string>, handlers: LineHandlers): Promise<void> {
  let number = 1
  let rest = ''
  /** The beginning of a line that is too long and being skipped, else null. */
  let skipped: string | null = null

  const take = (line: string) => {
    if (skipped !== null) handlers.onLongLine(number, skipped)
    else if (line.length > LONGEST_LINE) handlers.onLongLine(number, line.slice(0, LONGEST_EXCERPT))
    else handlers.onLine(line.endsWith('\r') ? line.slice(0, -1) : line, number)
    skipped = null
    number++
  }

  for await (const chunk of text) {
    let start = 0
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      take(rest + chunk.slice(start, end))
      rest = ''
      start = end + 1
    }
    if (skipped === null) rest += chunk.slice(start)
    if (rest.length > LONGEST_LINE) {
      skipped = rest.slice(0, LONGEST_EXCERPT)
      rest = ''
    }
    handlers.onChunk?.()
  }
  if (rest !== '' || skipped !== null) take(rest)
}
