import type { PlainColumn } from './plan.ts'

/**
 * What a cell holds. `escaped`: a JSON string with escapes, as it stands between its quotes. `json`: an object. `doubled`:
 * a text whose quotes are doubled.
 */
export const KIND = { none: 0, text: 1, number: 2, yes: 3, no: 4, escaped: 5, json: 6, doubled: 7 } as const

/** The cells of one record by slot, as stretches of bytes. */
export class Cells {
  /** A value of KIND. */
  readonly kind: Uint8Array
  /** Bytes [start, end). */
  readonly start: Int32Array
  readonly end: Int32Array

  /** Of the bytes, to look at several of them at once. */
  view: DataView = new DataView(new ArrayBuffer(0))

  constructor(slots: number) {
    this.kind = new Uint8Array(slots)
    this.start = new Int32Array(slots)
    this.end = new Int32Array(slots)
  }

  set(slot: number, kind: number, start: number, end: number): void {
    this.kind[slot] = kind
    this.start[slot] = start
    this.end[slot] = end
  }

  /** Slot of the first of these cells that holds something, -1 for none. */
  firstOf(columns: readonly PlainColumn[]): number {
    for (const { slot } of columns) if (!this.isEmpty(slot)) return slot
    return -1
  }

  /** Whether a cell holds nothing. */
  isEmpty(slot: number): boolean {
    const kind = this.kind[slot]
    return kind === KIND.none || (kind === KIND.text && this.start[slot] === this.end[slot])
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text of bytes as the whole file's decoder would give it. */
export function decodeBytes(bytes: Uint8Array, start: number, end: number): string {
  // Bytes that threads share cannot be decoded everywhere.
  return decoder.decode(bytes.slice(start, end))
}

/** The value of a cell as the format's own reader sees it. */
export function cellValue(bytes: Uint8Array, kind: number, start: number, end: number): unknown {
  switch (kind) {
    case KIND.none:
      return undefined
    case KIND.text:
      return decodeBytes(bytes, start, end)
    case KIND.number:
      return Number(decodeBytes(bytes, start, end))
    case KIND.escaped:
      return JSON.parse(decodeBytes(bytes, start - 1, end + 1))
    case KIND.json:
      return JSON.parse(decodeBytes(bytes, start, end))
    case KIND.doubled:
      return decodeBytes(bytes, start, end).replaceAll('""', '"')
    default:
      return kind === KIND.yes
  }
}
