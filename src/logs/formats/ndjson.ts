import type { Format } from '../format.ts'
import { JsonRecords, parseObject } from '../json-records.ts'
import { readLines, TOO_LONG } from '../lines.ts'

const MOST_LEARNT = 200

function headLines(head: string): string[] {
  const lines = head.split('\n')
  // The head may end within a line.
  if (lines.length > 1) lines.pop()
  return lines.filter((line) => line.trim() !== '')
}

/** One JSON object per line, nested or not. */
export const ndjson: Format = {
  name: 'ndjson',
  plannedTraffic: false,
  recognise(head) {
    const lines = headLines(head).slice(0, 20)
    const objects = lines.filter((line) => parseObject(line) !== null).length
    if (objects === 0) return lines.length === 1 && /^\s*\{\s*"/.test(head) && !head.includes('\n') ? 0.5 : 0
    return objects * 2 >= lines.length ? 0.95 : 0.3
  },
  async read(content, file) {
    const records = new JsonRecords(file)
    for (const line of headLines(content.head).slice(0, MOST_LEARNT)) {
      const record = parseObject(line)
      if (record !== null) records.learn(record)
    }
    records.checkTime()
    await readLines(content.text(), {
      onLine(line, number) {
        const record = parseObject(line)
        if (record !== null) records.append(record, number, () => line)
        else if (line.trim() !== '') file.builder.reject(number, 'a line must be one JSON object', line)
      },
      onLongLine: (number, excerpt) => file.builder.reject(number, TOO_LONG, excerpt),
    })
    records.finish()
  },
}
