/** Writes pixels and runs of them as a zlib stream. */
import { buildCodes } from './huffman.ts'

/** Bytes a pixel. */
export const PIXEL_BYTES = 3
/** Deflate copies at most 258 bytes at a time: a whole number of pixels. */
export const MAX_RUN = 258 / PIXEL_BYTES
/** Tokens below are bytes as they are; RUN + n means the pixel before, n times more. */
export const RUN = 255
const END = RUN + MAX_RUN + 1

const END_SYMBOL = 256
const SYMBOLS = 286
/** The distance of {@link PIXEL_BYTES} bytes; the only one in use, with a code of one bit, 0. */
const DISTANCE_SYMBOL = 2
/** Copies of 3 to 10 bytes have a symbol each; then every four symbols are as wide as all before them. */
const LENGTH_SYMBOL = 257
/** Deflate with a window of 32 KiB. */
const HEAD = [0x78, 0x01]
const CHECKSUM_BYTES = 4
/** The order in which the lengths of the codes for lengths are written. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** How deflate names a copy of so many bytes. */
interface CopyLength {
  readonly symbol: number
  readonly extra: number
  readonly extraBits: number
}

/** @see https://www.rfc-editor.org/rfc/rfc1951#section-3.2.5 */
function nameLength(bytes: number): CopyLength {
  if (bytes === 258) return { symbol: 285, extra: 0, extraBits: 0 }
  const offset = bytes - 3
  const extraBits = offset < 8 ? 0 : 29 - Math.clz32(offset)
  const extra = offset & ((1 << extraBits) - 1)
  return { symbol: LENGTH_SYMBOL + (offset >> extraBits) + 4 * extraBits, extra, extraBits }
}

const COPY_LENGTHS = Array.from({ length: MAX_RUN }, (_, i) => nameLength((i + 1) * PIXEL_BYTES))

/**
 * A zlib stream of one block.
 *
 * @param tokens bytes and runs in order; no run comes before the first whole pixel
 * @param checksum Adler-32 of the bytes that the tokens stand for
 */
export function deflateTokens(tokens: Uint16Array, checksum: number): Uint8Array {
  const counts = new Uint32Array(END + 1)
  for (let i = 0; i < tokens.length; i++) counts[tokens[i]]++
  counts[END] = 1
  const frequencies = new Uint32Array(SYMBOLS)
  frequencies.set(counts.subarray(0, RUN + 1))
  frequencies[END_SYMBOL] = 1
  for (const [i, { symbol }] of COPY_LENGTHS.entries()) frequencies[symbol] += counts[RUN + 1 + i]
  const codes = buildCodes(frequencies, 15)

  // What each token writes, the code of the distance included: its bits and how many.
  const bits = new Uint32Array(END + 1)
  const widths = new Uint8Array(END + 1)
  bits.set(codes.bits.subarray(0, RUN + 1))
  widths.set(codes.lengths.subarray(0, RUN + 1))
  for (const [i, { symbol, extra, extraBits }] of COPY_LENGTHS.entries()) {
    bits[RUN + 1 + i] = codes.bits[symbol] | (extra << codes.lengths[symbol])
    widths[RUN + 1 + i] = codes.lengths[symbol] + extraBits + 1
  }
  bits[END] = codes.bits[END_SYMBOL]
  widths[END] = codes.lengths[END_SYMBOL]

  const header = describeCodes(codes.lengths)
  const size = counts.reduce((sum, count, token) => sum + count * widths[token], header.length * 15)
  const stream = new BitStream(Math.ceil(size / 8))
  stream.write(
    Uint16Array.from(header.keys()),
    Uint32Array.from(header, ([value]) => value),
    Uint8Array.from(header, ([, count]) => count),
  )
  stream.write(tokens, bits, widths)
  stream.write(Uint16Array.of(END), bits, widths)
  return stream.end(checksum)
}

/** A zlib stream as it grows. */
class BitStream {
  readonly #bytes: Uint8Array<ArrayBuffer>
  #at: number
  /** Bits that do not fill a byte yet, and how many. */
  #pending = 0
  #width = 0

  constructor(size: number) {
    this.#bytes = new Uint8Array(HEAD.length + size + 1 + CHECKSUM_BYTES)
    this.#bytes.set(HEAD)
    this.#at = HEAD.length
  }

  /** Appends what each token stands for; `widths` says of how many bits, at most 24. */
  write(tokens: Uint16Array, bits: Uint32Array, widths: Uint8Array): void {
    // Locals, since this loop is most of the work.
    const bytes = this.#bytes
    let at = this.#at
    let pending = this.#pending
    let width = this.#width
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]
      pending |= bits[token] << width
      width += widths[token]
      while (width >= 8) {
        bytes[at++] = pending
        pending >>>= 8
        width -= 8
      }
    }
    this.#at = at
    this.#pending = pending
    this.#width = width
  }

  end(checksum: number): Uint8Array {
    if (this.#width > 0) this.#bytes[this.#at++] = this.#pending
    new DataView(this.#bytes.buffer).setUint32(this.#at, checksum)
    return this.#bytes.subarray(0, this.#at + CHECKSUM_BYTES)
  }
}

/** The start of the last and only block, as values and their number of bits. */
function describeCodes(lengths: Uint8Array): (readonly [value: number, bits: number])[] {
  const distances = new Uint8Array(DISTANCE_SYMBOL + 1)
  distances[DISTANCE_SYMBOL] = 1
  const described = [...lengths, ...distances]
  const counts = new Uint32Array(LENGTH_ORDER.length)
  for (const length of described) counts[length]++
  const codes = buildCodes(counts, 7)
  return [
    [1, 1],
    [2, 2],
    [SYMBOLS - 257, 5],
    [distances.length - 1, 5],
    [LENGTH_ORDER.length - 4, 4],
    ...LENGTH_ORDER.map((symbol) => [codes.lengths[symbol], 3] as const),
    ...described.map((length) => [codes.bits[length], codes.lengths[length]] as const),
  ]
}
