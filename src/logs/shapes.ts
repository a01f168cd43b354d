import { CONTENT_KINDS, JSON_TYPES, renderObjectShape, type ShapeField, typeOfJson } from '../shapes.ts'
import type { Coded } from '../types.ts'

/** An object with more fields, or one with a longer name, is a map of data rather than a record: no more is said of it. */
const MOST_FIELDS = 100
const LONGEST_NAME = 100
/** Distinct forms that are told apart, so that hostile bodies cannot fill the memory: 8,192 of 1 KB are 8 MB. */
const MOST_SHAPES = 8_192
const LONGEST_SHAPES = 16_777_216
/** And per endpoint, so that one whose fields are data does not take the others' place. */
const MOST_SHAPES_OF_ENDPOINT = 512

const KINDS: readonly string[] = CONTENT_KINDS
/** By value of CONTENT. */
export const SHAPE_OF_CONTENT = ['', 'json', 'html', 'other'] as const

/** Forms are looked up field by field; a map of data would grow the tree without end. */
const MOST_NODES = 20_000
const EMPTY_ARRAY = JSON_TYPES.length

/** The fields seen so far, in their order. */
interface Node {
  /** `''` until an object that ends here is seen. */
  shape: string
  /** By the name of the next field, and by the place of its type in JSON_TYPES (after them: an empty array). */
  readonly next: Map<string, Node[]>
}

/** Renders forms, each only once: the fields of an endpoint's answers mostly come in one order. */
export class ShapeRenderer {
  #root: Node = { shape: '', next: new Map() }
  #nodes = 0

  /**
   * The form of an answer; `''` unknown.
   *
   * @param content a value of CONTENT
   * @param value its body as JSON; undefined when it was not examined
   */
  render(content: number, value: unknown): string {
    if (Array.isArray(value)) return value.length === 0 ? 'empty json array' : 'json array'
    if (!isRecord(value)) return SHAPE_OF_CONTENT[content]
    if (this.#nodes > MOST_NODES) {
      this.#root = { shape: '', next: new Map() }
      this.#nodes = 0
    }
    let node = this.#root
    let fields = 0
    for (const name of Object.keys(value)) {
      if (++fields > MOST_FIELDS || name.length > LONGEST_NAME) return 'json'
      node = this.#step(node, name, value[name])
    }
    if (node.shape === '') node.shape = renderObjectShape(Object.entries(value).map(describeField))
    return node.shape
  }

  #step({ next }: Node, name: string, value: unknown): Node {
    let nodes = next.get(name)
    if (nodes === undefined) {
      nodes = []
      next.set(name, nodes)
    }
    const { type, isEmpty } = describeField([name, value])
    const at = isEmpty ? EMPTY_ARRAY : JSON_TYPES.indexOf(type)
    nodes[at] ??= this.#createNode()
    return nodes[at]
  }

  #createNode(): Node {
    this.#nodes++
    return { shape: '', next: new Map() }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function describeField([name, value]: readonly [string, unknown]): ShapeField {
  return { name, type: typeOfJson(value), isEmpty: Array.isArray(value) && value.length === 0 }
}

/** The growing column of forms. A log without bodies has none, and pays nothing. */
export class ShapeColumn {
  #codes = new Uint32Array(0)
  readonly #values = ['']
  readonly #codeOf = new Map<string, number>([['', 0]])
  readonly #byEndpoint = new Map<string, Set<number>>()
  readonly #crowded = new Set<string>()
  #length = 0

  /** Sets the form of a row; rows come in ascending order. */
  set(row: number, shape: string, endpoint: string): void {
    if (shape === '' && row >= this.#codes.length) return
    if (row >= this.#codes.length) this.#grow(row + 1)
    this.#codes[row] = KINDS.includes(shape) ? this.#codeFor(shape) : this.#codeOfObject(shape, endpoint)
  }

  /** Endpoints of whose answers only the first forms were told apart. */
  get crowded(): readonly string[] {
    return [...this.#crowded].sort()
  }

  /** @param order row numbers in their final order, null for as they are */
  build(rows: number, order: Uint32Array | null): Coded {
    if (this.#codes.length === 0) return { codes: new Uint32Array(rows), values: this.#values }
    if (this.#codes.length < rows) this.#grow(rows)
    const codes = order === null ? this.#codes.slice(0, rows) : order.map((row) => this.#codes[row])
    return { codes, values: this.#values }
  }

  #codeOfObject(shape: string, endpoint: string): number {
    let code = this.#codeOf.get(shape)
    if (code === 0) return 0
    let own = this.#byEndpoint.get(endpoint)
    if (code !== undefined && own?.has(code)) return code
    if (own === undefined) {
      own = new Set()
      this.#byEndpoint.set(endpoint, own)
    }
    const isFull = this.#values.length >= MOST_SHAPES || this.#length + shape.length > LONGEST_SHAPES
    if (own.size >= MOST_SHAPES_OF_ENDPOINT || (code === undefined && isFull)) {
      this.#crowded.add(endpoint)
      return this.#codeFor('json')
    }
    code ??= this.#codeFor(shape)
    own.add(code)
    return code
  }

  #codeFor(shape: string): number {
    const known = this.#codeOf.get(shape)
    if (known !== undefined) return known
    const code = this.#values.push(shape) - 1
    this.#codeOf.set(shape, code)
    this.#length += shape.length
    return code
  }

  #grow(rows: number): void {
    const bytes = 4 * Math.max(rows, 1024, 2 * this.#codes.length)
    this.#codes = new Uint32Array(this.#codes.buffer.transfer(bytes))
  }
}
