import { FieldColumns } from './columns.ts'
import { isWhole } from './fields.ts'
import type { OpenFile } from './format.ts'
import { RecordReader } from './records.ts'

const DEEPEST = 8
const MOST_COLUMNS = 5_000

/** A name in nested records, and what stands below it. */
interface Node {
  readonly path: string
  /** Index of its column when the column stands for a field of ours, -1 for not; undefined before its first value. */
  index: number | undefined
  readonly below: Map<string, Node>
}

/** Reads JSON objects as records; nested fields are columns named `a.b.c`. */
export class JsonRecords {
  readonly #columns: FieldColumns
  readonly #records: RecordReader
  readonly #root: Node = { path: '', index: undefined, below: new Map() }
  readonly #cells: unknown[] = []
  readonly #used: number[] = []
  #paths = 0

  constructor(file: OpenFile) {
    this.#columns = new FieldColumns(file.map)
    this.#records = new RecordReader(this.#columns, file)
  }

  /** Learns the columns of a record without reading it. */
  learn(record: object): void {
    this.#flatten(record, this.#root, 1)
  }

  /** @throws InputError when no column learnt so far stands for the time */
  checkTime(): void {
    this.#records.checkTime()
  }

  append(record: object, line: number, text: () => string): void {
    for (const index of this.#used) this.#cells[index] = undefined
    this.#flatten(record, this.#root, 1)
    this.#records.append(this.#cells, line, text)
  }

  finish(): void {
    this.#records.finish()
  }

  #flatten(record: object, parent: Node, depth: number): void {
    for (const [key, value] of Object.entries(record)) {
      let node = parent.below.get(key)
      if (node === undefined) {
        if (this.#paths >= MOST_COLUMNS) continue
        this.#paths++
        node = { path: parent.path === '' ? key : `${parent.path}.${key}`, index: undefined, below: new Map() }
        parent.below.set(key, node)
      }
      if (isGroup(value) && !isWhole(node.path)) {
        if (depth < DEEPEST) this.#flatten(value, node, depth + 1)
        continue
      }
      if (node.index === undefined) node.index = this.#addColumn(node.path)
      if (node.index >= 0) this.#cells[node.index] = value
    }
  }

  #addColumn(path: string): number {
    if (!this.#columns.add(path)) return -1
    const index = this.#columns.names.length - 1
    this.#used.push(index)
    return index
  }
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object that a JSON text stands for; null when it is something else. */
export function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return isGroup(value) ? value : null
  } catch {
    return null
  }
}
