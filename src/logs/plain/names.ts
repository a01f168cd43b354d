import { decodeBytes } from './cells.ts'
import { NO_SLOT, type PlainNode } from './plan.ts'
import { prepareSample, type Sample } from './words.ts'

/** From so many names on they are looked up by their text. */
const MANY_NAMES = 48

/** A name and what was met below it. */
export interface Name {
  readonly key: Uint8Array
  /** The key in its quotes, with the colon behind it; empty when it stands there in another way. */
  readonly opening: Sample
  readonly slot: number
  readonly isWhole: boolean
  readonly below: readonly Name[]
  readonly byKey: ReadonlyMap<string, Name> | null
  /** Place of the neighbour behind it, of the first behind the last. */
  readonly next: number
  /** Place of the name below it that is likely to come next: most records have them in one order. */
  expected: number
  /** The record that had it last: a name that occurs twice is not plain. */
  record: number
  /** See JsonRecords: what stores and collectors put around a record. */
  readonly wraps: 'object' | 'text' | 'json' | ''
}

/** Looks a name up by its key, the bytes [start, end). */
export function findName({ below, byKey }: Name, bytes: Uint8Array, start: number, end: number): Name | undefined {
  if (byKey !== null) return byKey.get(decodeBytes(bytes, start, end))
  return below.find(({ key }) => isKey(key, bytes, start, end))
}

function isKey(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false
  for (let at = 0; at < key.length; at++) if (key[at] !== bytes[start + at]) return false
  return true
}

const WRAPPERS: Readonly<Record<string, Name['wraps']>> = {
  _source: 'object',
  _index: 'text',
  message: 'json',
  '@message': 'json',
  log: 'json',
  textPayload: 'json',
}

/** Whether a key is of those that may hold the record itself. */
export function isWrapper(bytes: Uint8Array, start: number, end: number): boolean {
  return Object.hasOwn(WRAPPERS, decodeBytes(bytes, start, end))
}

/** Whether a key stands in JSON as it is. */
function isPlainKey(key: string): boolean {
  return JSON.stringify(key) === `"${key}"`
}

function prepare(node: PlainNode, next = 0, wraps: Name['wraps'] = '', isRoot = false): Name {
  const encoder = new TextEncoder()
  const below = node.below.map((child, place) =>
    prepare(
      child,
      place + 1 < node.below.length ? place + 1 : 0,
      isRoot && Object.hasOwn(WRAPPERS, child.key) ? WRAPPERS[child.key] : '',
    ),
  )
  return {
    key: encoder.encode(node.key),
    opening: prepareSample(encoder.encode(node.key !== '' && isPlainKey(node.key) ? `"${node.key}":` : '')),
    slot: node.slot,
    isWhole: node.isWhole,
    below,
    byKey: below.length < MANY_NAMES ? null : new Map(node.below.map(({ key }, at) => [key, below[at]])),
    next,
    expected: 0,
    record: 0,
    wraps,
  }
}

/** Makes the names of records ready to be found. */
export function prepareNames(root: PlainNode): Name {
  return prepare(root, 0, '', true)
}

/** A name that stands for nothing. */
export const IGNORED = prepare({ key: '', slot: NO_SLOT.unused, isWhole: false, below: [] })
