import { DIMENSIONS } from '../../types.ts'
import { createEndpointNamer, type EndpointNamer } from '../routes.ts'
import type { Cells } from './cells.ts'
import type { PlainFields, PlainPlan } from './plan.ts'
import type { RowColumns } from './row-columns.ts'
import { Stretches } from './stretches.ts'
import { Texts } from './texts.ts'

/** Texts of this many bytes are held; then all are forgotten, between two blocks. */
const MOST_TEXT_BYTES = 4 * 1024 * 1024
const WIDTH = DIMENSIONS.length

/** What the records of a file are in all dimensions, as codes into a block's own values. */
export class PlainDimensions {
  readonly #cells: Cells
  readonly #of: PlainFields
  readonly #routes: readonly string[]
  readonly #stretches: Stretches
  texts = new Texts()
  #nameEndpoint: EndpointNamer
  /** Number of the endpoint + 1, by the number of the method and the number of the path. */
  #endpoints: Int32Array[] = []
  endpointNames: string[] = ['']
  #numberOfEndpoint = new Map<string, number>([['', 0]])
  /** Codes in the block + 1, by dimension and number of the text. */
  #codes: Int32Array[] = DIMENSIONS.map(() => new Int32Array(64))
  /** The block's own values by code, one list per dimension; the first is always `''`. */
  values: string[][] = []
  /** Of each stretch the numbers of its values, their codes, and the block that these are for. */
  #numbersOf: Int32Array = new Int32Array(64 * WIDTH)
  #codesOf: Int32Array = new Int32Array(64 * WIDTH)
  #blockOf: Int32Array = new Int32Array(64)
  #block = 0
  /** Of the record that was found last: its stretch, -1 for none, and the numbers of its values. */
  #stretch = -1
  readonly #numbers = new Int32Array(WIDTH)

  constructor(plan: PlainPlan, cells: Cells) {
    this.#cells = cells
    this.#of = plan.fields
    this.#routes = plan.routes
    this.#nameEndpoint = createEndpointNamer(plan.routes)
    const { service, method, endpoint, region, environment, version } = plan.fields
    const columns = [service, method, endpoint, region, environment, version].flat()
    this.#stretches = new Stretches(cells, [...new Set(columns.map(({ slot }) => slot))])
  }

  /** Begins a block: its codes count from 0 again. @returns whether texts and endpoints are numbered anew */
  startBlock(): boolean {
    const isFull = this.texts.bytes > MOST_TEXT_BYTES
    if (isFull) this.#forget()
    for (const codes of this.#codes) codes.fill(0)
    this.values = DIMENSIONS.map(() => [''])
    this.#block++
    return isFull
  }

  /** Finds out what the record is whose cells are set. @returns the number of its endpoint */
  find(bytes: Uint8Array): number {
    const stretch = this.#stretches.find()
    this.#stretch = stretch
    if (stretch >= 0) return this.#numbersOf[stretch * WIDTH + 1]
    const of = this.#of
    const { texts } = this
    const cells = this.#cells
    const numbers = this.#numbers
    const method = texts.findFirst(bytes, cells, of.method)
    const path = texts.findFirst(bytes, cells, of.endpoint)
    numbers[0] = texts.findFirst(bytes, cells, of.service)
    numbers[1] = (this.#endpoints[method]?.[path] || this.#addEndpoint(method, path)) - 1
    numbers[2] = texts.findFirst(bytes, cells, of.region)
    numbers[3] = texts.findFirst(bytes, cells, of.environment)
    numbers[4] = texts.findFirst(bytes, cells, of.version)
    this.#remember()
    return numbers[1]
  }

  /** Writes the codes of the record that was found last. */
  write(rows: RowColumns, row: number): void {
    const stretch = this.#stretch
    const { codes } = rows
    if (stretch < 0) {
      for (let dimension = 0; dimension < WIDTH; dimension++) {
        codes[dimension][row] = this.#code(dimension, this.#numbers[dimension])
      }
      return
    }
    const first = stretch * WIDTH
    if (this.#blockOf[stretch] !== this.#block) {
      this.#blockOf[stretch] = this.#block
      for (let dimension = 0; dimension < WIDTH; dimension++) {
        this.#codesOf[first + dimension] = this.#code(dimension, this.#numbersOf[first + dimension])
      }
    }
    const own = this.#codesOf
    codes[0][row] = own[first]
    codes[1][row] = own[first + 1]
    codes[2][row] = own[first + 2]
    codes[3][row] = own[first + 3]
    codes[4][row] = own[first + 4]
  }

  #remember(): void {
    const stretch = this.#stretches.add()
    if (stretch < 0) return
    if (stretch >= this.#blockOf.length) {
      this.#numbersOf = widen(this.#numbersOf)
      this.#codesOf = widen(this.#codesOf)
      this.#blockOf = widen(this.#blockOf)
    }
    this.#stretch = stretch
    this.#numbersOf.set(this.#numbers, stretch * WIDTH)
    this.#blockOf[stretch] = 0
  }

  /** @returns the number of an endpoint + 1 */
  #addEndpoint(method: number, path: number): number {
    const texts = this.texts.values
    const name = this.#nameEndpoint(texts[method], texts[path])
    let number = this.#numberOfEndpoint.get(name)
    if (number === undefined) {
      number = this.endpointNames.push(name) - 1
      this.#numberOfEndpoint.set(name, number)
    }
    let byPath = this.#endpoints[method]
    if (byPath === undefined || path >= byPath.length) {
      const longer = new Int32Array(Math.max(64, texts.length * 2))
      if (byPath !== undefined) longer.set(byPath)
      byPath = longer
      while (this.#endpoints.length < method) this.#endpoints.push(new Int32Array(0))
      this.#endpoints[method] = byPath
    }
    byPath[path] = number + 1
    return number + 1
  }

  #code(dimension: number, number: number): number {
    if (number === 0) return 0
    let codes = this.#codes[dimension]
    if (number >= codes.length) {
      const longer = new Int32Array(Math.max(number + 1, codes.length * 2))
      longer.set(codes)
      codes = longer
      this.#codes[dimension] = codes
    }
    const code = codes[number]
    if (code !== 0) return code
    const texts = DIMENSIONS[dimension] === 'endpoint' ? this.endpointNames : this.texts.values
    codes[number] = this.values[dimension].push(texts[number]) - 1
    return codes[number]
  }

  #forget(): void {
    this.texts = new Texts()
    this.#nameEndpoint = createEndpointNamer(this.#routes)
    this.#endpoints = []
    this.endpointNames = ['']
    this.#numberOfEndpoint = new Map([['', 0]])
    this.#codes = DIMENSIONS.map(() => new Int32Array(64))
    this.#stretches.clear()
  }
}

function widen(numbers: Int32Array): Int32Array {
  const wider = new Int32Array(numbers.length * 2)
  wider.set(numbers)
  return wider
}
