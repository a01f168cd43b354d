/** Digits by which keys are put in order, and so many of them make a key of 32 bits. */
const DIGIT_BITS = 8
const DIGITS = 4
const RADIX = 1 << DIGIT_BITS
const SIGN = 0x8000_0000

/** Room in which one group of numbers after the other is put in order. */
export interface SortRoom {
  /** The numbers, ascending once they were sorted; and what each brings along. */
  readonly values: Float32Array
  readonly carried: Uint32Array
  readonly keys: Uint32Array
  readonly otherKeys: Uint32Array
  readonly otherCarried: Uint32Array
  readonly counts: Uint32Array
}

export function createSortRoom(size: number): SortRoom {
  const column = () => new Uint32Array(size)
  return {
    values: new Float32Array(size),
    carried: column(),
    keys: column(),
    otherKeys: column(),
    otherCarried: column(),
    counts: new Uint32Array(DIGITS * RADIX),
  }
}

/**
 * Puts the first `count` values of a room in ascending order, together with what they carry, in linear time: by the
 * digits of their bits, the last one first (Knuth 1998, 5.2.5, algorithm R).
 *
 * @param count 0 to the room's size; values without NaN
 */
export function sortRoom({ values, carried, keys, otherKeys, otherCarried, counts }: SortRoom, count: number): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  counts.fill(0)
  for (let i = 0; i < count; i++) {
    // As whole numbers, positive floats have their own order and negative ones the reverse.
    const key = (bits[i] & SIGN) === 0 ? bits[i] ^ SIGN : ~bits[i]
    keys[i] = key
    counts[key & 0xff]++
    counts[RADIX + ((key >>> 8) & 0xff)]++
    counts[2 * RADIX + ((key >>> 16) & 0xff)]++
    counts[3 * RADIX + (key >>> 24)]++
  }
  // An even number of passes ends where it began.
  scatter(keys, carried, otherKeys, otherCarried, count, counts, 0)
  scatter(otherKeys, otherCarried, keys, carried, count, counts, 1)
  scatter(keys, carried, otherKeys, otherCarried, count, counts, 2)
  scatter(otherKeys, otherCarried, keys, carried, count, counts, 3)
  for (let i = 0; i < count; i++) bits[i] = (keys[i] & SIGN) === 0 ? ~keys[i] : keys[i] ^ SIGN
}

/** Orders by one digit, and leaves what has the same one as it stands. */
function scatter(
  fromKeys: Uint32Array,
  fromCarried: Uint32Array,
  toKeys: Uint32Array,
  toCarried: Uint32Array,
  count: number,
  counts: Uint32Array,
  digit: number,
): void {
  const first = digit * RADIX
  const shift = digit * DIGIT_BITS
  let place = 0
  for (let i = first; i < first + RADIX; i++) {
    const own = counts[i]
    counts[i] = place
    place += own
  }
  for (let i = 0; i < count; i++) {
    const key = fromKeys[i]
    const to = counts[first + ((key >>> shift) & 0xff)]++
    toKeys[to] = key
    toCarried[to] = fromCarried[i]
  }
}
