import { recogniseField } from '../fields.ts'
import type { Format } from '../format.ts'
import { readLineRecords, sniffLines } from '../line-records.ts'

const LEAST_PAIRS = 2
const LONGEST_KEY = 100
/** A line with a time that tells none of these is about something else than a request. */
const TELLS = new Set(['endpoint', 'duration', 'method', 'grpcStatus'])

/** One line of `key=value` pairs: https://pkg.go.dev/github.com/kr/logfmt#section-documentation */
export const logfmt: Format = {
  name: 'logfmt',
  plannedTraffic: false,
  recognise: (head) => sniffLines(head, isLogfmt, 0.85),
  read: (content, file) =>
    readLineRecords(content, file, {
      columns: [],
      map: new Map(),
      example: 'ts=2026-03-02T10:00:00Z method=GET path=/items status=200 duration=12ms',
      skippedNote: 'lines tell of no request (no status, path, method or duration).',
      parse(line, cells) {
        const pairs = parsePairs(line)
        if (pairs.length < LEAST_PAIRS) return 'rejected'
        let tells = false
        for (const [key, value] of pairs) {
          cells.add(key, value)
          const field = recogniseField(key)?.field ?? ''
          // A status in words is that of something else.
          tells ||= TELLS.has(field) || (field === 'status' && /^\d/.test(value)) || isMapped(file.map, key)
        }
        return tells ? 'request' : 'skipped'
      },
    }),
}

function isMapped(map: ReadonlyMap<string, string>, key: string): boolean {
  for (const theirs of map.values()) if (theirs === key || theirs.startsWith(`${key}:`)) return true
  return false
}

function isLogfmt(line: string): boolean {
  const pairs = /^[^\s="]{1,100}=/.test(line) ? parsePairs(line) : []
  return pairs.length >= LEAST_PAIRS && pairs.some(([key]) => recogniseField(key)?.field === 'time')
}

/** Pairs in order; keys alone are left out. */
function parsePairs(line: string): [key: string, value: string][] {
  const pairs: [string, string][] = []
  let at = 0
  while (at < line.length) {
    const start = skipBlanks(line, at)
    at = start
    while (at < line.length && line.charCodeAt(at) > 32 && line[at] !== '=') at++
    const key = line.slice(start, at)
    if (line[at] !== '=') continue
    at++
    let value: string
    if (line[at] === '"') {
      const end = findQuote(line, at + 1)
      const quoted = line.slice(at + 1, end)
      value = quoted.includes('\\') ? quoted.replace(/\\(["\\])/g, '$1') : quoted
      at = end + 1
    } else {
      const from = at
      while (at < line.length && line.charCodeAt(at) > 32) at++
      value = line.slice(from, at)
    }
    if (key !== '' && key.length <= LONGEST_KEY) pairs.push([key.replace(/^"|"$/g, ''), value])
  }
  return pairs
}

function skipBlanks(line: string, from: number): number {
  let at = from
  while (at < line.length && line.charCodeAt(at) <= 32) at++
  return at
}

/** Index of the quote that closes, or of the line's end. */
function findQuote(line: string, from: number): number {
  let at = from
  while (at < line.length && line[at] !== '"') at += line[at] === '\\' ? 2 : 1
  return Math.min(at, line.length)
}
