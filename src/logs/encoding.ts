export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1'

/** The encoding that a text's first bytes tell: a byte order mark, or the zero bytes that UTF-16 has in ASCII. */
export function findEncoding(first: Uint8Array): { readonly name: Encoding; readonly isGuessed: boolean } {
  if (first[0] === 0xff && first[1] === 0xfe) return { name: 'utf-16le', isGuessed: false }
  if (first[0] === 0xfe && first[1] === 0xff) return { name: 'utf-16be', isGuessed: false }
  const pairs = first.length >> 1
  let evenZeros = 0
  let oddZeros = 0
  for (let pair = 0; pair < pairs; pair++) {
    if (first[pair * 2] === 0) evenZeros++
    if (first[pair * 2 + 1] === 0) oddZeros++
  }
  if (pairs >= 4 && evenZeros === 0 && oddZeros > pairs * 0.8) return { name: 'utf-16le', isGuessed: true }
  if (pairs >= 4 && oddZeros === 0 && evenZeros > pairs * 0.8) return { name: 'utf-16be', isGuessed: true }
  return { name: 'utf-8', isGuessed: false }
}

/** Decodes bytes; those that are not of the encoding become U+FFFD, and a byte order mark is left out. */
export async function* decodeText(
  bytes: AsyncIterable<Uint8Array>,
  encoding: Encoding,
  notes: string[],
): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder(encoding)
  let hasForeignBytes = false
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true })
    hasForeignBytes ||= text.includes('\uFFFD')
    yield text
  }
  const rest = decoder.decode()
  hasForeignBytes ||= rest !== ''
  yield rest
  if (hasForeignBytes) notes.push(describeForeignBytes(encoding))
  return undefined
}

export function describeForeignBytes(encoding: Encoding): string {
  return `has bytes that are not ${encoding.toUpperCase()}; they are shown as \uFFFD.`
}

/** Leaves out a byte order mark of UTF-8. */
export async function* skipMark(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let first: Uint8Array | null = new Uint8Array(0)
  for await (const chunk of bytes) {
    if (first === null) {
      yield chunk
      continue
    }
    const joined: Uint8Array = new Uint8Array(first.length + chunk.length)
    joined.set(first)
    joined.set(chunk, first.length)
    first = joined
    if (first.length < 3) continue
    yield hasMark(first) ? first.subarray(3) : first
    first = null
  }
  if (first !== null && first.length > 0) yield first
  return undefined
}

function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}
