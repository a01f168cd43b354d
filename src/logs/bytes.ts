/** The first bytes of a stream, with the chunks that were taken from it for that. */
export async function peek(
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
  const first = new Uint8Array(Math.min(length, count))
  let filled = 0
  for (const chunk of chunks) {
    const part = chunk.subarray(0, count - filled)
    first.set(part, filled)
    filled += part.length
  }
  return { first, chunks }
}

/** Chunks that were taken already, then the rest of their stream. Each is let go once it is handed over. */
export async function* chain<T>(taken: T[], rest: AsyncIterator<T>): AsyncGenerator<T, undefined> {
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

/** Takes bytes from a stream in pieces of any length. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = new Uint8Array(0)
  #at = 0

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#chunks = bytes[Symbol.asyncIterator]()
  }

  /** The next `count` bytes; fewer when the stream ends before. */
  async take(count: number): Promise<Uint8Array> {
    if (this.#chunk.length - this.#at >= count) return this.#cut(count)
    const taken = new Uint8Array(count)
    let filled = 0
    while (filled < count) {
      const left = this.#chunk.length - this.#at
      if (left === 0) {
        const { value, done } = await this.#chunks.next()
        if (done) break
        this.#chunk = value
        this.#at = 0
      } else {
        const part = this.#cut(Math.min(left, count - filled))
        taken.set(part, filled)
        filled += part.length
      }
    }
    return taken.subarray(0, filled)
  }

  /** @returns how many bytes were there to be skipped */
  async skip(count: number): Promise<number> {
    let skipped = 0
    while (skipped < count) {
      const part = await this.take(Math.min(count - skipped, 65_536))
      if (part.length === 0) break
      skipped += part.length
    }
    return skipped
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  #cut(count: number): Uint8Array {
    const part = this.#chunk.subarray(this.#at, this.#at + count)
    this.#at += count
    return part
  }
}

/**
 * All bytes of a stream in one array.
 *
 * @returns null when there are more than `most`
 */
export async function collectBytes(bytes: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > most) return null
    chunks.push(chunk)
  }
  const all = new Uint8Array(length)
  let filled = 0
  for (const chunk of chunks) {
    all.set(chunk, filled)
    filled += chunk.length
  }
  return all
}
