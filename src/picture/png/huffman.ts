/** Prefix codes as deflate wants them: the more frequent a symbol, the fewer bits. */

/** Codes by symbol. A symbol of length 0 has none. */
export interface Codes {
  /** The first bit of a code is the lowest, as deflate writes it. */
  readonly bits: Uint16Array
  readonly lengths: Uint8Array
}

/**
 * Codes for symbols of these frequencies. A single symbol gets a code of one bit.
 *
 * @param maxLength bits of the longest code, at most 15; 2 ** maxLength must be at least the number of symbols in use
 * @see https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2
 */
export function buildCodes(frequencies: Uint32Array, maxLength: number): Codes {
  let weights = frequencies
  let lengths = measureCodes(weights)
  // Halved, the frequencies are more alike, and so are the lengths; when all are 1 the tree is as flat as can be.
  while (lengths.some((length) => length > maxLength)) {
    weights = weights.map((weight) => Math.ceil(weight / 2))
    lengths = measureCodes(weights)
  }
  return { bits: assignCodes(lengths), lengths }
}

/** Lengths of Huffman's codes, 0 for symbols that do not occur. */
function measureCodes(frequencies: Uint32Array): Uint8Array {
  const lengths = new Uint8Array(frequencies.length)
  const leaves = Array.from(frequencies.keys()).filter((symbol) => frequencies[symbol] > 0)
  if (leaves.length === 1) lengths[leaves[0]] = 1
  leaves.sort((a, b) => frequencies[a] - frequencies[b] || a - b)
  // Nodes: the leaves, lightest first, then the pairs in the order in which they are joined, lightest first as well.
  const weights = leaves.map((symbol) => frequencies[symbol])
  const parents: number[] = []
  let leaf = 0
  let pair = leaves.length
  const takeLightest = () => {
    const isLeaf = leaf < leaves.length && (pair >= weights.length || weights[leaf] <= weights[pair])
    return isLeaf ? leaf++ : pair++
  }
  for (let joined = leaves.length; joined < 2 * leaves.length - 1; joined++) {
    const first = takeLightest()
    const second = takeLightest()
    parents[first] = joined
    parents[second] = joined
    weights.push(weights[first] + weights[second])
  }
  const depths: number[] = []
  for (let node = weights.length - 2; node >= 0; node--) depths[node] = (depths[parents[node]] ?? 0) + 1
  if (leaves.length > 1) for (const [node, symbol] of leaves.entries()) lengths[symbol] = depths[node]
  return lengths
}

/** Codes of the same length count upwards, after all shorter ones. */
function assignCodes(lengths: Uint8Array): Uint16Array {
  const bits = new Uint16Array(lengths.length)
  let code = 0
  for (let length = 1; length <= 15; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] === length) bits[symbol] = reverseBits(code++, length)
    }
    code <<= 1
  }
  return bits
}

function reverseBits(code: number, length: number): number {
  let reversed = 0
  for (let bit = 0; bit < length; bit++) reversed = (reversed << 1) | ((code >> bit) & 1)
  return reversed
}
