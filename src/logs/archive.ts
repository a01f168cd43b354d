import { Readable } from 'node:stream'
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl'
import { collectBytes } from './bytes.ts'
import { GrowthMeter, LARGEST_CONTENT } from './compression.ts'
import { InputError } from './input-error.ts'
import type { RandomAccess } from './source.ts'

const MOST_ENTRIES = 10_000
/** Of an archive that comes as a stream, or within another one: it is held, because its contents are listed at its end. */
const LARGEST_HELD = 256 * 1024 ** 2
const PART = 256 * 1024

/** A file in an archive. */
interface ArchivedFile {
  /** Its path there. */
  readonly path: string
  /** Its decompressed bytes; files are read one after the other. */
  open(): AsyncGenerator<Uint8Array, void>
}

export function isZip(first: Uint8Array): boolean {
  // `PK\5\6` is an archive without any file.
  return first[0] === 0x50 && first[1] === 0x4b && ((first[2] === 3 && first[3] === 4) || first[2] === 5)
}

/** @throws InputError when the stream is longer than what may be held */
export async function holdArchive(name: string, bytes: AsyncIterable<Uint8Array>): Promise<RandomAccess> {
  const all = await collectBytes(bytes, LARGEST_HELD)
  if (all === null) {
    const limit = `${LARGEST_HELD / 1024 ** 2} MiB`
    throw new InputError(`${name}: a zip archive that is no file of its own must have at most ${limit}; unpack it`)
  }
  return { size: all.length, read: async (start, end) => all.subarray(start, end), close: async () => {} }
}

/**
 * Lists the files of a zip archive, hidden ones left out. Names that lead out of the archive are refused.
 *
 * @throws InputError when it is damaged or holds too much
 */
export async function* readArchive(name: string, access: RandomAccess): AsyncGenerator<ArchivedFile, undefined> {
  const fail = (error: unknown): never => {
    if (error instanceof InputError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new InputError(`${name}: is a zip archive that cannot be read: ${reason}`, { cause: error })
  }
  let zip: ZipFile | null = null
  try {
    zip = await openZip(access)
    if (zip.entryCount > MOST_ENTRIES) {
      throw new InputError(`${name}: must be a zip archive of at most ${MOST_ENTRIES} files, got ${zip.entryCount}`)
    }
    let total = 0
    const entries = zip.eachEntry()
    for (;;) {
      const { value: entry, done } = await entries.next()
      if (done) return undefined
      if (isHidden(entry.fileName)) continue
      total += entry.uncompressedSize
      if (total > LARGEST_CONTENT) {
        throw new InputError(`${name}: must not hold more than ${LARGEST_CONTENT / 1024 ** 3} GiB`)
      }
      yield { path: entry.fileName, open: () => readEntry(zip!, name, entry, fail) }
    }
  } catch (error) {
    return fail(error)
  } finally {
    zip?.close()
    await access.close()
  }
}

async function* readEntry(
  zip: ZipFile,
  name: string,
  entry: Entry,
  fail: (error: unknown) => never,
): AsyncGenerator<Uint8Array, void> {
  const path = `${name}/${entry.fileName}`
  if (entry.isEncrypted()) throw new InputError(`${path}: is encrypted; logs are read without a password`)
  const meter = new GrowthMeter(path, entry.compressedSize)
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      const bytes: Uint8Array = chunk
      meter.grow(bytes.length)
      yield bytes
    }
  } catch (error) {
    fail(error)
  }
}

/** Folders, hidden files, and what macOS puts beside files. */
function isHidden(path: string): boolean {
  return path.endsWith('/') || path.startsWith('__MACOSX/') || path.split('/').some((part) => part.startsWith('.'))
}

function openZip(access: RandomAccess): Promise<ZipFile> {
  return fromRandomAccessReaderPromise(new AccessReader(access), access.size, {
    autoClose: false,
    lazyEntries: true,
    validateEntrySizes: true,
    strictFileNames: true,
  })
}

class AccessReader extends RandomAccessReader {
  readonly #access: RandomAccess

  constructor(access: RandomAccess) {
    super()
    this.#access = access
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(readRange(this.#access, start, end), { objectMode: false })
  }
}

async function* readRange(access: RandomAccess, start: number, end: number): AsyncGenerator<Buffer, void> {
  for (let from = start; from < end; from += PART) {
    const part = await access.read(from, Math.min(from + PART, end))
    yield Buffer.from(part.buffer, part.byteOffset, part.length)
  }
}
