import type { Format } from '../format.ts'
import { JsonRecords, parseObject, whyNoObject } from '../json-records.ts'
import { LineSplitter, TOO_LONG } from '../lines.ts'
import { type PlainSource, readBlocks } from '../plain/read.ts'

const MOST_LEARNT = 200
const RULE = 'a line must be one JSON object'
/** `api-1  | {…}` (docker compose), `[pod/api] {…}`, `2026-03-02T09:00:00Z stdout F {…}` (CRI): who read the line says so. */
const LONGEST_PREFIX = 200

/** One JSON object per line, nested or not, also behind a prefix that the container's runtime wrote. */
export const ndjson: Format = {
  name: 'ndjson',
  plannedTraffic: false,
  recognise(head) {
    const lines = headLines(head).slice(0, 20)
    const objects = lines.filter((line) => parseLine(line) !== null).length
    if (objects === 0) return lines.length === 1 && /^\s*\{\s*"/.test(head) && !head.includes('\n') ? 0.5 : 0
    return objects * 2 >= lines.length ? 0.95 : 0.3
  },
  async read(content, file) {
    const sample = headLines(content.head).slice(0, MOST_LEARNT)
    const records = new JsonRecords(
      file,
      sample.flatMap((line) => parseLine(line) ?? []),
    )
    const lines = new LineSplitter({
      onLine(line, number) {
        const record = parseLine(line)
        if (record !== null) records.append(record, number, () => line)
        else if (line.trim() !== '') file.builder.reject(number, whyNoObject(line, RULE), line)
      },
      onLongLine: (number, excerpt) => file.builder.reject(number, TOO_LONG, excerpt),
    })
    if (content.utf8 === null) {
      for await (const chunk of content.text()) lines.push(chunk)
      lines.end()
    } else {
      const source: PlainSource = {
        plan: () => records.plan(),
        isStale: (plan) => records.isStale(plan),
        append: (rows) => records.appendPlain(rows),
      }
      if (await readBlocks(content.utf8.bytes(), lines, source, file.sharing)) content.utf8.noteForeignBytes()
    }
    records.finish()
  },
}

function headLines(head: string): string[] {
  const lines = head.split('\n')
  // The head may end within a line.
  if (lines.length > 1) lines.pop()
  return lines.filter((line) => line.trim() !== '')
}

function parseLine(line: string): object | null {
  const start = line.indexOf('{')
  if (start > 0 && (start > LONGEST_PREFIX || !/\s$/.test(line.slice(0, start)))) return null
  return start < 0 ? null : parseObject(start === 0 ? line : line.slice(start))
}
