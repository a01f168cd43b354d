import type { TextSplitter } from '../lines.ts'
import { type BlockTask, createBlockReader, type ParsedBlock } from './block.ts'
import { BLOCK_BYTES, type Block, BlockCutter } from './cut.ts'
import { BlockMerger, type PlainSink } from './merge.ts'

/** Blocks per thread that wait for it, so that it never waits itself. */
const BLOCKS_PER_THREAD = 2
/** Blocks that this thread reads ahead while it waits for the others; each costs its bytes and its rows. */
const MOST_READ_AHEAD = 4

/** Other threads that read blocks. */
export interface BlockReaders {
  /** How many. */
  readonly count: number
  /** Length of the blocks that they are given. */
  readonly blockBytes: number
  /** From so many bytes of logs on they are asked. */
  readonly leastBytes: number
  /** Reads a block like `createBlockReader`'s; its bytes are shared memory, its room is taken over. */
  read(task: BlockTask): Promise<ParsedBlock>
}

/** What the reading of all files shares. */
export interface BlockSharing {
  /** Null: everything is read in this thread. */
  readonly readers: BlockReaders | null
  readonly routes: readonly string[]
  readonly schemas: readonly string[]
  /** Bytes read so far, and those of them whose rows were handed on. */
  bytes: number
  mergedBytes: number
}

/** How the plain lines of a file are read, and where they go. */
export interface PlainSource extends PlainSink {
  /** A PlainPlan as JSON for the blocks that come next; null: no line is plain. */
  plan(): string | null
}

interface Entry {
  readonly block: Block
  readonly buffer: Uint8Array
  /** Undefined while another thread reads it, null when it is for the format's own reader. */
  parsed: ParsedBlock | null | undefined
  /** Settles when `parsed` or `error` is set. */
  done: Promise<void> | null
  error: Error | null
}

/**
 * Reads the lines of a file: plain ones as blocks of bytes, in several threads when it is large, the others by the
 * format's own reader, everything in the order of the file. Who reads a block does not change what is read.
 *
 * @returns whether its text has U+FFFD
 */
export async function readBlocks(
  chunks: AsyncIterable<Uint8Array>,
  splitter: TextSplitter,
  source: PlainSource,
  sharing: BlockSharing,
): Promise<boolean> {
  const merger = new BlockMerger(splitter, source)
  const readers = sharing.readers?.count === 0 ? null : sharing.readers
  const readHere = createBlockReader()
  const blockBytes = readers?.blockBytes ?? BLOCK_BYTES
  const spentBuffers: Uint8Array[] = []
  const spentRooms: ArrayBuffer[] = []
  const queue: Entry[] = []
  let away = 0
  let buffer: Uint8Array = new Uint8Array(0)

  const allocate = (length: number): Uint8Array => {
    const spent = length === blockBytes ? spentBuffers.pop() : undefined
    // Shared from the start: the file may turn out to be large.
    const isShared = readers !== null && length === blockBytes
    buffer = spent ?? new Uint8Array(isShared ? new SharedArrayBuffer(length) : new ArrayBuffer(length))
    return buffer
  }
  const cutter = new BlockCutter(blockBytes, allocate)

  const read = (block: Block): void => {
    sharing.bytes += block.bytes.length
    const entry: Entry = { block, buffer, parsed: null, done: null, error: null }
    queue.push(entry)
    const plan = block.isWhole ? source.plan() : null
    if (plan === null) return
    const task = { bytes: block.bytes, plan, room: spentRooms.pop() ?? null }
    const isShared = readers !== null && buffer.buffer instanceof SharedArrayBuffer
    if (!isShared || sharing.bytes < readers.leastBytes || away >= readers.count * BLOCKS_PER_THREAD) {
      entry.parsed = readHere(task)
      return
    }
    away++
    entry.parsed = undefined
    entry.done = readers.read(task).then(
      (parsed) => {
        away--
        entry.parsed = parsed
      },
      (error: unknown) => {
        away--
        entry.error = error instanceof Error ? error : new Error(String(error))
      },
    )
  }

  /** Merges what is there at the front of the queue, and waits for it while more than so many blocks are queued. */
  const merge = async (most: number): Promise<void> => {
    for (;;) {
      const [entry] = queue
      if (entry === undefined) return
      if (entry.parsed === undefined && entry.error === null) {
        if (queue.length <= most) return
        await entry.done
      }
      if (entry.error !== null) throw new Error('a block cannot be read', { cause: entry.error })
      queue.shift()
      const { parsed } = entry
      merger.merge(entry.block.bytes, parsed ?? null)
      sharing.mergedBytes += entry.block.bytes.length
      if (parsed) spentRooms.push(parsed.columns)
      if (entry.buffer.length === blockBytes) spentBuffers.push(entry.buffer)
    }
  }

  const most = (readers?.count ?? 0) * BLOCKS_PER_THREAD + MOST_READ_AHEAD
  for await (const chunk of chunks) {
    cutter.push(chunk)
    for (let block = cutter.cut(false); block !== null; block = cutter.cut(false)) {
      read(block)
      await merge(most)
    }
  }
  for (let block = cutter.cut(true); block !== null; block = cutter.cut(true)) {
    read(block)
    await merge(most)
  }
  await merge(0)
  merger.end()
  return merger.hasForeignBytes
}
