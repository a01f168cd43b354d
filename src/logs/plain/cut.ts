/** Blocks are large enough that what is done for each of them does not count, and small enough that many fit in a cache. */
export const BLOCK_BYTES = 1024 * 1024
const LF = 10

/** A piece of a file. */
export interface Block {
  readonly bytes: Uint8Array
  /** Whether it holds whole lines: a line that is longer than a block does not fit into one. */
  readonly isWhole: boolean
}

/** Cuts a stream of bytes into blocks of whole lines. */
export class BlockCutter {
  /** Bytes not yet cut, in order. */
  #pieces: Uint8Array[] = []
  #length = 0
  readonly #blockBytes: number
  readonly #allocate: (length: number) => Uint8Array
  #isWithinLine = false

  /** @param allocate gives room for a block */
  constructor(blockBytes: number, allocate: (length: number) => Uint8Array) {
    this.#blockBytes = blockBytes
    this.#allocate = allocate
  }

  /** Takes bytes; they must not change until they were cut. */
  push(bytes: Uint8Array): void {
    this.#pieces.push(bytes)
    this.#length += bytes.length
  }

  /**
   * The next block.
   *
   * @param isLast nothing follows what was pushed
   * @returns null when there are too few bytes for one
   */
  cut(isLast: boolean): Block | null {
    if (this.#length === 0 || (this.#length < this.#blockBytes && !isLast)) return null
    const length = Math.min(this.#length, this.#blockBytes)
    const bytes = this.#fill(this.#allocate(length).subarray(0, length))
    const isEnd = isLast && this.#length === 0
    const lineEnd = bytes.lastIndexOf(LF) + 1
    // The rest of a line that was too long for a block comes alone, so that the next block begins with a line.
    const wasWithinLine = this.#isWithinLine
    const firstEnd = wasWithinLine ? bytes.indexOf(LF) + 1 : 0
    this.#isWithinLine = lineEnd === 0 && !isEnd
    if (firstEnd > 0) return this.#keep(bytes, firstEnd, false)
    if (lineEnd > 0 && !isEnd) return this.#keep(bytes, lineEnd, true)
    return { bytes, isWhole: !wasWithinLine && !this.#isWithinLine }
  }

  #keep(bytes: Uint8Array, length: number, isWhole: boolean): Block {
    if (length < bytes.length) {
      this.#pieces.unshift(bytes.slice(length))
      this.#length += bytes.length - length
    }
    return { bytes: bytes.subarray(0, length), isWhole }
  }

  #fill(bytes: Uint8Array): Uint8Array {
    let filled = 0
    while (filled < bytes.length) {
      const piece = this.#pieces[0]
      const part = piece.subarray(0, bytes.length - filled)
      bytes.set(part, filled)
      filled += part.length
      if (part.length === piece.length) this.#pieces.shift()
      else this.#pieces[0] = piece.subarray(part.length)
    }
    this.#length -= bytes.length
    return bytes
  }
}
