import { createGunzip } from 'node:zlib'
import type { Content } from './format.ts'
import { InputError } from './input-error.ts'
import type { LogSource } from './source.ts'

const HEAD_LENGTH = 64 * 1024
const INPUT_SLICE = 64 * 1024

/** Content that must be closed when it is not read to its end. */
export interface OpenContent extends Content {
  readonly notes: readonly string[]
  close(): Promise<void>
}

/**
 * Opens a source: decompresses gzip (told by its first bytes) and decodes UTF-8, or UTF-16 with a byte order mark.
 *
 * @throws InputError when it is empty, or binary
 */
export async function openContent(source: LogSource): Promise<OpenContent> {
  const notes: string[] = []
  const bytes = source.open()[Symbol.asyncIterator]()
  const start = await peek(bytes, 4)
  if (isGzip(start.first)) {
    return openText(source.name, gunzip(chain(start.chunks, bytes), notes)[Symbol.asyncIterator](), [], notes)
  }
  return openText(source.name, bytes, start.chunks, notes)
}

async function openText(
  name: string,
  bytes: AsyncIterator<Uint8Array>,
  chunks: Uint8Array[],
  notes: string[],
): Promise<OpenContent> {
  const start = await peek(bytes, 4, chunks)
  const binary = describeBinary(start.first)
  const texts = decode(chain(start.chunks, bytes), findEncoding(start.first), notes)
  const parts: string[] = []
  let length = 0
  while (length < HEAD_LENGTH) {
    const { value, done } = await texts.next()
    if (done) break
    parts.push(value)
    length += value.length
  }
  const close = async () => {
    await texts.return(undefined)
  }
  const head = parts.join('').slice(0, HEAD_LENGTH)
  const fault = binary !== '' ? binary : head.includes('\u0000') ? 'binary data' : ''
  if (fault !== '') {
    await close()
    throw new InputError(`${name}: is ${fault}, not text; logs are read as text or gzip`)
  }
  if (head.trim() === '') {
    await close()
    throw new InputError(`${name}: is empty`)
  }
  return { head, notes, text: () => chain(parts, texts), close }
}

function isGzip(first: Uint8Array): boolean {
  return first[0] === 0x1f && first[1] === 0x8b
}

const SIGNATURES: readonly (readonly [string, string])[] = [
  ['1f8b', 'gzip in gzip'],
  ['504b0304', 'a zip archive'],
  ['28b52ffd', 'zstd-compressed'],
  ['50415231', 'a Parquet file'],
  ['fd377a58', 'xz-compressed'],
  ['425a68', 'bzip2-compressed'],
  ['89504e47', 'a PNG picture'],
  ['25504446', 'a PDF document'],
]

function describeBinary(first: Uint8Array): string {
  const hex = Array.from(first.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return SIGNATURES.find(([signature]) => hex.startsWith(signature))?.[1] ?? ''
}

function findEncoding(first: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le'
  return first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : 'utf-8'
}

/** Decodes bytes; those that are not of the encoding become U+FFFD, and a byte order mark is left out. */
async function* decode(
  bytes: AsyncIterable<Uint8Array>,
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be',
  notes: string[],
): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder(encoding)
  let hasForeignBytes = false
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true })
    hasForeignBytes ||= text.includes('\uFFFD')
    yield text
  }
  yield decoder.decode()
  if (hasForeignBytes) notes.push(`has bytes that are not ${encoding.toUpperCase()}; they are shown as \uFFFD.`)
  return undefined
}

/** The first bytes of a stream, with the chunks that were taken from it for that. */
async function peek(
  bytes: AsyncIterator<Uint8Array>,
  count: number,
  chunks: Uint8Array[] = [],
): Promise<{ first: Uint8Array; chunks: Uint8Array[] }> {
  let length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  while (length < count) {
    const { value, done } = await bytes.next()
    if (done) break
    chunks.push(value)
    length += value.length
  }
  const first: number[] = []
  for (const chunk of chunks) first.push(...chunk.subarray(0, count - first.length))
  return { first: Uint8Array.from(first), chunks }
}

/** Chunks that were taken already, then the rest of their stream. Each is let go once it is handed over. */
async function* chain<T>(taken: T[], rest: AsyncIterator<T>): AsyncGenerator<T, undefined> {
  try {
    for (let chunk = taken.shift(); chunk !== undefined; chunk = taken.shift()) yield chunk
    for (;;) {
      const { value, done } = await rest.next()
      if (done) return undefined
      yield value
    }
  } finally {
    await rest.return?.()
  }
}

/** Decompresses gzip with all its members; of a damaged file what could be read, and a note. */
async function* gunzip(bytes: AsyncIterable<Uint8Array>, notes: string[]): AsyncGenerator<Uint8Array, undefined> {
  const stream = createGunzip()
  let ready: Uint8Array[] = []
  let fault = ''
  let isOver = false
  let wake = () => {}
  stream.on('data', (chunk: Uint8Array) => ready.push(chunk))
  stream.on('error', (error: Error & { code?: string }) => {
    fault = error.code === 'Z_BUF_ERROR' ? 'ends within its compressed data' : 'is damaged within its compressed data'
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
    for await (const chunk of bytes) {
      // A slice at a time: gzip can grow a thousandfold.
      for (let start = 0; start < chunk.length && !isOver; start += INPUT_SLICE) {
        const slice = chunk.subarray(start, start + INPUT_SLICE)
        await feed((done) => stream.write(slice, () => done()))
        const out = ready
        ready = []
        yield* out
      }
      if (isOver) break
    }
    if (!isOver) await feed(() => stream.end())
    yield* ready
  } finally {
    stream.destroy()
  }
  if (fault !== '') notes.push(`${fault}; what comes before was read.`)
  return undefined
}
