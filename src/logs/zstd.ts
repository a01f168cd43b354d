/** The outside of zstd frames, RFC 8878 section 3: where they end, so that none is lost. */
import type { ByteReader } from './bytes.ts'

const DICTIONARY_ID_BYTES = [0, 1, 2, 4]
const CONTENT_SIZE_BYTES = [0, 2, 4, 8]
/** A block holds at most 128 KiB of content however few bytes it has, so few blocks at a time bound what comes out. */
const MOST_BLOCKS = 64
const SLICE = 64 * 1024

export function isZstd(first: Uint8Array): boolean {
  return first[0] === 0x28 && first[1] === 0xb5 && first[2] === 0x2f && first[3] === 0xfd
}

export function isSkippable(first: Uint8Array): boolean {
  return (first[0] & 0xf0) === 0x50 && first[1] === 0x2a && first[2] === 0x4d && first[3] === 0x18
}

/** Skips a frame without content, whose magic number was read; false when it is cut. */
export async function readSkippable(input: ByteReader): Promise<boolean> {
  const size = await input.take(4)
  if (size.length < 4) return false
  const length = size[0] + size[1] * 2 ** 8 + size[2] * 2 ** 16 + size[3] * 2 ** 24
  return (await input.skip(length)) === length
}

interface Frame {
  /** The frame's bytes, magic number included, a few blocks at a time. */
  slices(): AsyncGenerator<Uint8Array, void>
  /** Whether the input ended before the frame did; known once the slices were read. */
  isCut(): boolean
}

/** Reads a frame whose magic number was read. */
export function readFrame(magic: Uint8Array, input: ByteReader): Frame {
  let isCut = false
  let parts: Uint8Array[] = [magic]
  let length = magic.length
  let blocks = 0

  const take = async (count: number): Promise<Uint8Array> => {
    const part = await input.take(count)
    if (part.length < count) isCut = true
    parts.push(part)
    length += part.length
    return part
  }
  const flush = (): Uint8Array => {
    const slice = new Uint8Array(length)
    let filled = 0
    for (const part of parts) {
      slice.set(part, filled)
      filled += part.length
    }
    parts = []
    length = 0
    blocks = 0
    return slice
  }

  async function* slices(): AsyncGenerator<Uint8Array, void> {
    const [descriptor = 0] = await take(1)
    const hasOneSegment = (descriptor & 0x20) !== 0
    const sizeBytes = CONTENT_SIZE_BYTES[descriptor >> 6] || (hasOneSegment ? 1 : 0)
    await take((hasOneSegment ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3] + sizeBytes)
    for (let isLast = false; !isLast && !isCut; ) {
      const [low = 0, middle = 0, high = 0] = await take(3)
      const type = (low >> 1) & 3
      const size = (low >> 3) | (middle << 5) | (high << 13)
      isLast = (low & 1) === 1
      if (!isCut) await take(type === 1 ? 1 : size)
      if (++blocks >= MOST_BLOCKS || length >= SLICE) yield flush()
    }
    if (!isCut && (descriptor & 4) !== 0) await take(4)
    yield flush()
  }
  return { slices, isCut: () => isCut }
}
