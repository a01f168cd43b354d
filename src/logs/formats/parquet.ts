import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { AsyncBuffer, Compressors, FileMetaData, PageHeader, ParquetParsers } from 'hyparquet'
import { collectBytes } from '../bytes.ts'
import type { Content, Format } from '../format.ts'
import { InputError } from '../input-error.ts'
import { JsonRecords } from '../json-records.ts'

/** Its table of contents stands at its end, so that all of a file is held while it is read. */
const MOST_BYTES = 512 * 1024 * 1024
/** Rows are read in batches of about this size, by what the file says of its own. */
const BATCH_BYTES = 64 * 1024 * 1024
const LEAST_BATCH = 1_000
const MOST_BATCH = 200_000
const MOST_LEARNT = 200
const LONGEST_PAGE = 256 * 1024 * 1024
const DEEPEST = 8

type Row = Readonly<Record<string, unknown>>

/** Parquet files, as data lakes and log pipelines write them. Columns are recognised by name like fields of JSON. */
export const parquet: Format = {
  name: 'parquet',
  plannedTraffic: false,
  isBinary: true,
  recognise: (head) => (head.startsWith('PAR1') ? 1 : 0),
  async read(content, file) {
    const buffer = await holdAll(content, file.name)
    const [{ parquetHeader }, { parquetMetadataAsync }, { parquetReadObjects }] = await Promise.all([
      import('hyparquet/src/column.js'),
      import('hyparquet/src/metadata.js'),
      import('hyparquet/src/read.js'),
    ])
    // A damaged file makes the package throw errors of all kinds.
    const attempt = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
      try {
        return await run()
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause)
        throw new InputError(`${file.name}: ${what} of this Parquet file cannot be read: ${message}`, { cause })
      }
    }
    const metadata = await attempt('the table of contents', async () => {
      const found = await parquetMetadataAsync(buffer, { geoparquet: false })
      await checkPages(found, buffer, parquetHeader)
      return found
    })
    let records: JsonRecords | null = null
    let number = 0
    for (const { rowStart, rowEnd } of listBatches(metadata)) {
      const rows = await attempt(`the rows from ${rowStart + 1} to ${rowEnd}`, () =>
        parquetReadObjects({ file: buffer, metadata, rowStart, rowEnd, compressors: COMPRESSORS, parsers: PARSERS }),
      )
      records ??= new JsonRecords(
        file,
        rows.slice(0, MOST_LEARNT).map((row) => toRecord(row)),
      )
      for (const row of rows) {
        const record = toRecord(row)
        records.append(record, ++number, () => JSON.stringify(record))
      }
    }
    if (records === null) throw new InputError(`${file.name}: this Parquet file has no rows`)
    records.finish()
  },
}

async function holdAll(content: Content, name: string): Promise<AsyncBuffer> {
  const bytes = await collectBytes(content.bytes(), MOST_BYTES)
  if (bytes === null) {
    throw new InputError(
      `${name}: a Parquet file must not be larger than ${MOST_BYTES / 1024 / 1024} MiB, since all of it is held; split it`,
    )
  }
  const { buffer, byteOffset, byteLength } = bytes
  return {
    byteLength,
    slice: (start, end = byteLength) => {
      const part = new ArrayBuffer(Math.max(0, end - start))
      new Uint8Array(part).set(new Uint8Array(buffer, byteOffset + start, end - start))
      return part
    },
  }
}

type ReadHeader = (reader: { view: DataView; offset: number }) => PageHeader

/**
 * Walks over the headers of all pages. The package believes what they say, and a damaged number of values makes it
 * fill memory.
 *
 * @throws Error when a page, or a group of rows, claims more than there can be
 */
async function checkPages({ row_groups }: FileMetaData, file: AsyncBuffer, readHeader: ReadHeader): Promise<void> {
  for (const { columns, num_rows } of row_groups) {
    for (const { meta_data } of columns) {
      if (meta_data === undefined) continue
      const { dictionary_page_offset, data_page_offset, total_compressed_size, num_values, path_in_schema } = meta_data
      const start = Number(dictionary_page_offset || data_page_offset)
      const end = start + Number(total_compressed_size)
      if (!(start >= 0 && end >= start && end <= file.byteLength)) throw new Error('a column must lie within the file')
      const reader = { view: new DataView(await file.slice(start, end)), offset: 0 }
      let values = 0
      while (reader.offset < reader.view.byteLength) {
        const header = readHeader(reader)
        const page = header.data_page_header ?? header.data_page_header_v2
        const count = page?.num_values ?? header.dictionary_page_header?.num_values ?? 0
        const size = header.compressed_page_size
        if (!(size >= 0 && header.uncompressed_page_size >= 0 && header.uncompressed_page_size <= LONGEST_PAGE))
          throw new Error(`a page must have 0 to ${LONGEST_PAGE} bytes`)
        if (!(count >= 0 && count <= num_values)) throw new Error('a page must not have more values than its column')
        if (page !== undefined) values += count
        reader.offset += size
      }
      const isComplete = values === Number(num_values) && (path_in_schema.length > 1 || num_values === num_rows)
      if (!isComplete) throw new Error(`a column must have the values that its pages have, got ${num_values}`)
    }
  }
}

/** Rows of one batch: a row group, or a part of one that is too large to be held as objects. */
function listBatches({ row_groups }: FileMetaData): { rowStart: number; rowEnd: number }[] {
  const batches: { rowStart: number; rowEnd: number }[] = []
  let start = 0
  for (const group of row_groups) {
    const rows = Number(group.num_rows)
    const bytesPerRow = Number(group.total_byte_size) / Math.max(rows, 1)
    const fitting = Math.floor(BATCH_BYTES / Math.max(bytesPerRow, 1))
    const size = Math.min(MOST_BATCH, Math.max(LEAST_BATCH, fitting))
    for (let from = 0; from < rows; from += size) {
      batches.push({ rowStart: start + from, rowEnd: start + Math.min(rows, from + size) })
    }
    start += rows
  }
  return batches
}

/** Epoch milliseconds with their fraction, which the log's other times have too. */
const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (time) => Number(time),
  timestampFromMicroseconds: (time) => Number(time) / 1e3,
  timestampFromNanoseconds: (time) => Number(time / 1000n) / 1e3,
  dateFromDays: (days) => new Date(days * 86_400_000).toISOString().slice(0, 10),
}

/** Snappy is the package's own. */
const COMPRESSORS: Compressors = {
  GZIP: (page, length) => checkLength(gunzipSync(page, limit(length)), length),
  BROTLI: (page, length) => checkLength(brotliDecompressSync(page, limit(length)), length),
  ZSTD: (page, length) => checkLength(zstdDecompressSync(page, limit(length)), length),
}

function limit(length: number): { maxOutputLength: number } {
  if (length > LONGEST_PAGE) throw new Error(`a page must not be longer than ${LONGEST_PAGE} bytes, got ${length}`)
  return { maxOutputLength: Math.max(length, 1) }
}

function checkLength(page: Uint8Array, length: number): Uint8Array {
  if (page.length !== length) throw new Error(`a page must have the ${length} bytes that it names, got ${page.length}`)
  return page
}

/** 64-bit numbers become doubles, which hold every time to the microsecond. */
function toRecord(row: Row, depth = 0): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toPlain(value, depth)]))
}

function toPlain(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Uint8Array || value === undefined) return undefined
  if (Array.isArray(value)) return value.length > 0 ? [toPlain(value[0], depth)] : []
  if (typeof value === 'object' && value !== null)
    return depth < DEEPEST ? toRecord(value as Row, depth + 1) : undefined
  return value
}
