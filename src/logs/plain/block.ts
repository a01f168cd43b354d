import { isAscii, isUtf8 } from 'node:buffer'
import type { LineScanner } from './lines.ts'
import { LINE } from './lines.ts'
import { ObjectLines } from './object-lines.ts'
import type { PlainPlan } from './plan.ts'
import { PlainRecords } from './record.ts'
import { FLAG, RowColumns } from './row-columns.ts'
import { TableLines } from './table-lines.ts'

/** Longer lines are left to the format's own reader, which rejects those beyond its limit. */
const LONGEST_PLAIN_LINE = 512 * 1024
const LF = 10
/** So few plain rows between lines that are not plain go with them: to hand them on apart takes longer. */
const MOST_TAKEN_ALONG = 4
const REPLACEMENT = Buffer.from('\uFFFD')

/** Lines of a file, the last of which may lack its line feed. */
export interface BlockTask {
  readonly bytes: Uint8Array
  /** A PlainPlan as JSON: equal plans are recognised by their text. */
  readonly plan: string
  /** Room of a spent block, which is taken over. */
  readonly room: ArrayBuffer | null
}

/** The plain lines of a block as rows, and where the others are. */
export interface ParsedBlock {
  readonly plan: string
  readonly rows: number
  /** Of a RowColumns. */
  readonly columns: ArrayBuffer
  /** The values that the codes stand for, one list per dimension. */
  readonly values: readonly (readonly string[])[]
  /** Stretches of lines that are not plain, in order. */
  readonly slow: readonly SlowLines[]
  /** Line feeds. */
  readonly lines: number
  /** All flags of its rows. */
  readonly flags: number
  /** Whether its text has U+FFFD, of its own or for bytes that are not UTF-8. */
  readonly hasForeignBytes: boolean
}

interface SlowLines {
  /** Bytes [start, end) of the block. */
  readonly start: number
  readonly end: number
  /** Of the first one, in the block, from 0. */
  readonly line: number
  /** Rows of the block before it. */
  readonly rows: number
}

/** Reads the blocks of one file after the other; every line gives the same row, whatever was read before. */
export class BlockParser {
  readonly plan: string
  readonly #records: PlainRecords
  readonly #lines: LineScanner
  readonly #needsRequest: boolean

  constructor(plan: string) {
    this.plan = plan
    const parsed: PlainPlan = JSON.parse(plan)
    const { layout } = parsed
    this.#records = new PlainRecords(parsed)
    const { cells } = this.#records
    this.#lines = layout.kind === 'table' ? new TableLines(layout, cells) : new ObjectLines(layout, cells)
    this.#needsRequest = layout.kind === 'objects' && layout.needsRequest
  }

  parse({ bytes: given, room }: BlockTask): ParsedBlock {
    const bytes = endLine(given)
    const columns = room === null ? new RowColumns() : new RowColumns(room)
    const records = this.#records
    const scanner = this.#lines
    const slow: { start: number; end: number; line: number; rows: number }[] = []
    const end = given.length
    let rows = 0
    let line = 0
    let flags = 0
    let at = 0
    records.startBlock(bytes)
    while (at < end) {
      const kind = scanner.scan(bytes, at)
      let isPlain = kind === LINE.blank
      if (kind === LINE.record && scanner.at - at <= LONGEST_PLAIN_LINE) {
        if (rows === columns.capacity) columns.grow()
        const isOther = this.#needsRequest && !records.isRequest()
        if (isOther || records.write(bytes, columns, rows)) {
          isPlain = true
          if (isOther) columns.flags[rows] = FLAG.other
          columns.line[rows] = line
          columns.start[rows] = at
          flags |= columns.flags[rows]
          rows++
        }
      }
      if (isPlain) at = Math.min(scanner.at, end)
      else {
        const next = Math.min(bytes.indexOf(LF, at) + 1, end)
        const last = slow[slow.length - 1]
        if (last !== undefined && rows - last.rows <= MOST_TAKEN_ALONG) {
          last.end = next
          rows = last.rows
        } else slow.push({ start: at, end: next, line, rows })
        at = next
      }
      line++
    }
    return {
      plan: this.plan,
      rows,
      columns: columns.buffer,
      values: records.values,
      slow,
      lines: bytes === given ? line : line - 1,
      flags,
      hasForeignBytes: hasForeignBytes(given),
    }
  }
}

/** The bytes with a line feed at their end: only a file's last line may lack it. */
function endLine(bytes: Uint8Array): Uint8Array {
  if (bytes[bytes.length - 1] === LF) return bytes
  const ended = new Uint8Array(bytes.length + 1)
  ended.set(bytes)
  ended[bytes.length] = LF
  return ended
}

function hasForeignBytes(bytes: Uint8Array): boolean {
  if (isAscii(bytes)) return false
  return !isUtf8(bytes) || Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(REPLACEMENT)
}

/** Makes the function that reads any blocks; it remembers the plan of the one before. */
export function createBlockReader(): (task: BlockTask) => ParsedBlock {
  let parser: BlockParser | null = null
  return (task) => {
    if (parser?.plan !== task.plan) parser = new BlockParser(task.plan)
    return parser.parse(task)
  }
}
