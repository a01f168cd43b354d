import type { Transform } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { ByteReader } from './bytes.ts'
import { InputError } from './input-error.ts'
import { isSkippable, isZstd, readFrame, readSkippable } from './zstd.ts'

const GZIP_SLICE = 64 * 1024
/** Logs shrink to a tenth or, when their lines are all alike, a hundredth; more is made to fill a disk. */
const MOST_RATIO = 1_000
const RATIO_COUNTS_FROM = 64 * 1024 ** 2
export const LARGEST_CONTENT = 64 * 1024 ** 3

/** What a compressed stream holds. */
type Compression = 'gzip' | 'zstd'

/** Told by the first bytes; null for none that is known. */
export function findCompression(first: Uint8Array): Compression | null {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip'
  return isZstd(first) || isSkippable(first) ? 'zstd' : null
}

/**
 * Decompresses a stream, all members or frames of it. Of a cut or damaged one what could be read, and a note.
 *
 * @throws InputError when it grows beyond all measure
 */
export async function* decompress(
  name: string,
  compression: Compression,
  bytes: AsyncIterable<Uint8Array>,
  notes: string[],
): AsyncGenerator<Uint8Array, undefined> {
  const meter = new GrowthMeter(name)
  const counted = countBytes(bytes, meter)
  const plain = compression === 'gzip' ? gunzip(counted, notes) : unzstd(counted, notes)
  for await (const chunk of plain) {
    meter.grow(chunk.length)
    yield chunk
  }
  return undefined
}

/** Compares what a stream grew to with what it was. */
export class GrowthMeter {
  readonly #name: string
  #compressed = 0
  #plain = 0

  constructor(name: string, compressed = 0) {
    this.#name = name
    this.#compressed = compressed
  }

  take(bytes: number): void {
    this.#compressed += bytes
  }

  /** @throws InputError when that is too much */
  grow(bytes: number): void {
    this.#plain += bytes
    if (this.#plain > LARGEST_CONTENT) {
      throw new InputError(`${this.#name}: must not decompress to more than ${LARGEST_CONTENT / 1024 ** 3} GiB`)
    }
    if (this.#plain > RATIO_COUNTS_FROM && this.#plain > this.#compressed * MOST_RATIO) {
      throw new InputError(`${this.#name}: must not decompress to more than ${MOST_RATIO} times its size`)
    }
  }
}

async function* countBytes(bytes: AsyncIterable<Uint8Array>, meter: GrowthMeter): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of bytes) {
    meter.take(chunk.length)
    yield chunk
  }
}

const CUT = 'ends within its compressed data; what comes before was read.'
const DAMAGED = 'is damaged within its compressed data; what comes before was read.'

async function* gunzip(bytes: AsyncIterable<Uint8Array>, notes: string[]): AsyncGenerator<Uint8Array, undefined> {
  const fault = yield* pump(createGunzip(), slice(bytes))
  if (fault !== '') notes.push(fault === 'Z_BUF_ERROR' ? CUT : DAMAGED)
  return undefined
}

/** A slice at a time: gzip can grow a thousandfold. */
async function* slice(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of bytes) {
    for (let start = 0; start < chunk.length; start += GZIP_SLICE) yield chunk.subarray(start, start + GZIP_SLICE)
  }
}

/** Frame by frame: Node stops after the first one, and Bun takes a cut one for whole. */
async function* unzstd(bytes: AsyncIterable<Uint8Array>, notes: string[]): AsyncGenerator<Uint8Array, undefined> {
  const input = new ByteReader(bytes)
  try {
    for (;;) {
      const magic = (await input.take(4)).slice()
      if (magic.length === 0) return undefined
      if (isSkippable(magic)) {
        if (await readSkippable(input)) continue
        notes.push(CUT)
        return undefined
      }
      if (!isZstd(magic)) {
        notes.push('has bytes behind its compressed data; they are left out.')
        return undefined
      }
      const frame = readFrame(magic, input)
      const fault = yield* pump(createZstdDecompress(), frame.slices())
      if (frame.isCut()) notes.push(CUT)
      else if (fault !== '') notes.push(DAMAGED)
      if (frame.isCut() || fault !== '') return undefined
    }
  } finally {
    await input.close()
  }
}

/**
 * Feeds slices to a decompressor and hands over what comes out, as far as it came before a fault.
 *
 * @returns the fault's code, `''` for none
 */
async function* pump(stream: Transform, slices: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, string> {
  let ready: Uint8Array[] = []
  let fault = ''
  let isOver = false
  let wake = () => {}
  stream.on('data', (chunk: Uint8Array) => ready.push(chunk))
  stream.on('error', (error: Error & { code?: string }) => {
    fault = error.code ?? 'damaged'
    isOver = true
    wake()
  })
  stream.on('end', () => {
    isOver = true
    wake()
  })
  const feed = (give: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      wake = resolve
      give(resolve)
    })
  try {
    for await (const part of slices) {
      await feed((done) => stream.write(part, () => done()))
      const out = ready
      ready = []
      yield* out
      if (isOver) break
    }
    if (!isOver) await feed(() => stream.end())
    yield* ready
  } finally {
    stream.destroy()
  }
  return fault
}
