import { holdArchive, isZip, readArchive } from './archive.ts'
import { chain, peek } from './bytes.ts'
import { decompress, findCompression } from './compression.ts'
import { decodeText, describeForeignBytes, findEncoding, skipMark } from './encoding.ts'
import type { Content, Utf8Text } from './format.ts'
import { InputError } from './input-error.ts'
import type { LogSource } from './source.ts'

const HEAD_LENGTH = 64 * 1024
const FIRST_BYTES = 1024
const DEEPEST_NESTING = 4

/** Decompressed bytes of one file: a source, or a file of an archive. */
export interface Part {
  readonly name: string
  /** What cannot be read is skipped with a note. */
  readonly inFolder: boolean
  /** Can be read once. */
  readonly bytes: AsyncIterator<Uint8Array>
  /** What was found while decompressing; complete once the bytes are read. */
  readonly notes: string[]
}

/** Content that must be closed when it is not read to its end. */
export interface OpenContent extends Content {
  readonly notes: readonly string[]
  close(): Promise<void>
}

/**
 * Unpacks a source: gzip, zstd and zip, told by their first bytes, also within each other. A zip archive gives a part
 * for each of its files. Parts are read one after the other.
 *
 * @throws InputError when it cannot be unpacked at all
 */
export async function* unpack(source: LogSource): AsyncGenerator<Part, undefined> {
  const bytes = source.open()[Symbol.asyncIterator]()
  yield* unpackBytes({ name: source.name, inFolder: source.inFolder ?? false, bytes, notes: [] }, 0, source)
  return undefined
}

async function* unpackBytes(part: Part, depth: number, source?: LogSource): AsyncGenerator<Part, undefined> {
  const { first, chunks } = await peek(part.bytes, 4)
  const bytes = chain(chunks, part.bytes)
  const compression = findCompression(first)
  const archived = isZip(first)
  if ((compression !== null || archived) && depth >= DEEPEST_NESTING) {
    await bytes.return(undefined)
    throw new InputError(`${part.name}: must not be compressed more than ${DEEPEST_NESTING} times over`)
  }
  if (compression !== null) {
    const plain = decompress(part.name, compression, bytes, part.notes)
    yield* unpackBytes({ ...part, bytes: plain }, depth + 1)
  } else if (archived) {
    yield* unpackArchive(part.name, bytes, depth, source)
  } else {
    yield { ...part, bytes }
  }
  return undefined
}

async function* unpackArchive(
  name: string,
  bytes: AsyncGenerator<Uint8Array, undefined>,
  depth: number,
  source: LogSource | undefined,
): AsyncGenerator<Part, undefined> {
  let access = null
  if (source?.openAt !== undefined) {
    await bytes.return(undefined)
    access = await source.openAt()
  }
  access ??= await holdArchive(name, bytes)
  for await (const file of readArchive(name, access)) {
    const part: Part = { name: `${name}/${file.path}`, inFolder: true, bytes: file.open(), notes: [] }
    try {
      yield* unpackBytes(part, depth + 1)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      // The other files of the archive can still be read.
      yield { ...part, bytes: failing(error) }
    }
  }
  return undefined
}

// biome-ignore lint/correctness/useYield: it is the part's bytes, and has none
async function* failing(error: InputError): AsyncGenerator<Uint8Array, undefined> {
  throw error
}

/**
 * Decodes a part: UTF-8, or UTF-16.
 *
 * @param isKnown whether a format is for content that begins like this and is no text
 * @throws InputError when it is empty, or binary and in no known format
 */
export async function openContent(part: Part, isKnown: (head: string) => boolean = () => false): Promise<OpenContent> {
  const { name, notes } = part
  const { first, chunks } = await peek(part.bytes, FIRST_BYTES)
  const bytes = chain(chunks, part.bytes)
  const close = async () => {
    await bytes.return(undefined)
  }
  const head = String.fromCharCode(...first)
  if (isKnown(head)) {
    return {
      head,
      notes,
      isBinary: true,
      utf8: null,
      bytes: () => bytes,
      text: () => decodeText(bytes, 'latin1', []),
      close,
    }
  }
  const fault = describeBinary(first)
  if (fault !== '') {
    await close()
    throw new InputError(`${name}: is ${fault}; logs are read as text, also in gzip, zstd or zip`)
  }
  return openText(name, first, bytes, notes, close)
}

async function openText(
  name: string,
  first: Uint8Array,
  bytes: AsyncGenerator<Uint8Array, undefined>,
  notes: string[],
  closeBytes: () => Promise<void>,
): Promise<OpenContent> {
  const encoding = findEncoding(first)
  if (encoding.isGuessed) notes.push(`names no encoding and is read as ${encoding.name.toUpperCase()}.`)
  const decoder = new TextDecoder(encoding.name)
  const chunks: Uint8Array[] = []
  let start = ''
  while (start.length < HEAD_LENGTH) {
    const { value, done } = await bytes.next()
    start += done ? decoder.decode() : decoder.decode(value, { stream: true })
    if (done) break
    chunks.push(value)
  }
  const whole = chain(chunks, bytes)
  const close = async () => {
    await whole.return(undefined)
    await closeBytes()
  }
  const head = start.slice(0, HEAD_LENGTH)
  if (head.includes('\u0000') || head.trim() === '') {
    await close()
    if (head.trim() === '' && !head.includes('\u0000')) throw new InputError(`${name}: is empty`)
    throw new InputError(`${name}: is binary data; logs are read as text, also in gzip, zstd or zip`)
  }
  const utf8: Utf8Text = {
    bytes: () => skipMark(whole),
    noteForeignBytes: () => notes.push(describeForeignBytes('utf-8')),
  }
  return {
    head,
    notes,
    isBinary: false,
    utf8: encoding.name === 'utf-8' ? utf8 : null,
    bytes: () => whole,
    text: () => decodeText(whole, encoding.name, notes),
    close,
  }
}

const SIGNATURES: readonly (readonly [string, string])[] = [
  ['50415231', 'a Parquet file'],
  ['fd377a58', 'xz-compressed'],
  ['425a68', 'bzip2-compressed'],
  ['04224d18', 'LZ4-compressed'],
  ['377abcaf', 'a 7-Zip archive'],
  ['52617221', 'a RAR archive'],
  ['89504e47', 'a PNG picture'],
  ['ffd8ff', 'a JPEG picture'],
  ['25504446', 'a PDF document'],
  ['53514c69', 'an SQLite database'],
  ['7f454c46', 'a program'],
]

function describeBinary(first: Uint8Array): string {
  const hex = Array.from(first.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return SIGNATURES.find(([signature]) => hex.startsWith(signature))?.[1] ?? ''
}
