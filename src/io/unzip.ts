/** Zip archives of strangers: checked as a whole under caps, then read entry by entry. Nothing is written anywhere. */
import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { InputError } from '../logs/input-error.ts'

/** What an archive may hold at most. */
export interface ZipCaps {
  readonly entries: number
  readonly entryBytes: number
  readonly totalBytes: number
  /** Uncompressed to compressed size. Logs reach 50, a bomb 1,000. */
  readonly ratio: number
}

export interface ZipEntry {
  /** Path within the archive, with slashes. */
  readonly name: string
  readonly bytes: number
  /** Its content; may be called again. */
  open(): AsyncIterable<Uint8Array>
}

/** Small archives may well hold a page of zeros. */
const RATIO_COUNTS_FROM_BYTES = 1024 * 1024
const FILE_TYPE = 0o170000
const REGULAR_FILE = 0o100000
const DIRECTORY = 0o040000

/**
 * The files of an archive, each of which was read to its end once: sizes and checksums are right.
 *
 * @param name of the archive, for errors
 * @throws InputError when it is damaged or encrypted, a cap is exceeded, or an entry's name or kind is not that of a plain file
 */
export async function openZip(path: string, name: string, caps: ZipCaps): Promise<ZipEntry[]> {
  const zip = await attempt(name, () =>
    openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true }),
  )
  const files = await attempt(name, () => listFiles(zip, name, caps))
  for (const file of files) await attempt(name, () => verify(zip, file))
  // The file stays open for its readers, and is closed with the process.
  return files.map((file) => ({
    name: file.fileName,
    bytes: file.uncompressedSize,
    open: () => readEntry(zip, file),
  }))
}

async function listFiles(zip: ZipFile, name: string, caps: ZipCaps): Promise<Entry[]> {
  if (zip.entryCount > caps.entries) {
    throw new InputError(`${name}: may have at most ${caps.entries} entries, has ${zip.entryCount}`)
  }
  const files: Entry[] = []
  const names = new Set<string>()
  let total = 0
  for await (const entry of zip.eachEntry()) {
    const where = `${name}/${entry.fileName}`
    if (names.has(entry.fileName)) throw new InputError(`${where}: occurs twice in the archive`)
    names.add(entry.fileName)
    const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE
    if (type !== 0 && type !== REGULAR_FILE && type !== DIRECTORY) {
      throw new InputError(`${where}: is a link or a device; only plain files are read`)
    }
    if (entry.fileName.endsWith('/')) continue
    if (entry.isEncrypted()) throw new InputError(`${where}: is encrypted`)
    const { uncompressedSize: bytes, compressedSize } = entry
    if (bytes > caps.entryBytes) {
      throw new InputError(`${where}: may have at most ${caps.entryBytes} bytes unpacked, has ${bytes}`)
    }
    if (bytes > RATIO_COUNTS_FROM_BYTES && bytes > compressedSize * caps.ratio) {
      throw new InputError(
        `${where}: may grow at most ${caps.ratio} times when unpacked, from ${compressedSize} to ${bytes} bytes is more`,
      )
    }
    total += bytes
    files.push(entry)
  }
  if (total > caps.totalBytes) {
    throw new InputError(`${name}: may have at most ${caps.totalBytes} bytes unpacked in all, has ${total}`)
  }
  // Entries that share their compressed bytes each look harmless.
  if (total > RATIO_COUNTS_FROM_BYTES && total > zip.fileSize * caps.ratio) {
    throw new InputError(
      `${name}: may grow at most ${caps.ratio} times when unpacked, from ${zip.fileSize} to ${total} bytes is more`,
    )
  }
  return files
}

async function verify(zip: ZipFile, entry: Entry): Promise<void> {
  let sum = 0
  for await (const chunk of readEntry(zip, entry)) sum = crc32(chunk, sum)
  if (sum !== entry.crc32) throw new Error(`the checksum of '${entry.fileName}' is wrong`)
}

async function* readEntry(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array, void> {
  yield* await zip.openReadStreamPromise(entry)
}

/** Whatever the reader of archives finds is a fault of the archive. */
async function attempt<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof InputError) throw cause
    throw new InputError(
      `${name}: is no zip archive, or a damaged one: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    )
  }
}
