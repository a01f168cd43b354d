import { CONTENT_KINDS, renderObjectShape, typeOfJson } from '../shapes.ts'
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
const KIND_OF_CONTENT = ['', 'json', 'html', 'other'] as const

/** Renders forms, each only once: the fields of an endpoint's answers mostly come in one order. */
export class ShapeRenderer {
  readonly #known = new Map<string, string>()

  /**
   * The form of an answer; `''` unknown.
   *
   * @param content a value of CONTENT
   * @param value its body as JSON; undefined when it was not examined
   */
  render(content: number, value: unknown): string {
    if (Array.isArray(value)) return value.length === 0 ? 'empty json array' : 'json array'
    if (typeof value !== 'object' || value === null) return KIND_OF_CONTENT[content]
    let signature = ''
    let fields = 0
    for (const [name, field] of Object.entries(value)) {
      if (++fields > MOST_FIELDS || name.length > LONGEST_NAME) return 'json'
      const mark = Array.isArray(field) && field.length === 0 ? 'e' : typeOfJson(field)
      // With its length in front no name can pass for several.
      signature += `${name.length}:${name}${mark} `
    }
    const known = this.#known.get(signature)
    if (known !== undefined) return known
    const shape = renderObjectShape(
      Object.entries(value).map(([name, field]) => {
        const type = typeOfJson(field)
        return { name, type, isEmpty: type === 'array' && field.length === 0 }
      }),
    )
    if (this.#known.size >= MOST_SHAPES) this.#known.clear()
    this.#known.set(signature, shape)
    return shape
  }
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
