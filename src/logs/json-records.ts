import { FieldColumns } from './columns.ts'
import { isWhole, recogniseField } from './fields.ts'
import type { OpenFile } from './format.ts'
import { InputError } from './input-error.ts'
import { isTooDeep, TOO_DEEP } from './json-depth.ts'
import { findShape, type JsonShape, mapShape } from './json-shapes.ts'
import type { PlainRows } from './plain/merge.ts'
import { NO_SLOT, type PlainNode, type PlainPlan } from './plain/plan.ts'
import { FLAG } from './plain/row-columns.ts'
import { RecordReader } from './records.ts'
import { createTimeParser } from './time.ts'

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
  readonly #file: OpenFile
  readonly #isFixed: boolean
  readonly #shape: JsonShape | null
  readonly #columns: FieldColumns
  readonly #records: RecordReader
  readonly #root: Node = { path: '', index: undefined, below: new Map() }
  readonly #cells: unknown[] = []
  readonly #used: number[] = []
  #paths = 0
  #requests = 0
  #others = 0
  /** The plan for plain records, undefined when names were met since it was made. */
  #plan: string | null | undefined
  /** Plans by which records are still read as they should be. */
  readonly #plans = new Set<string>()

  /**
   * @param sample records from the file's beginning, from which its columns are learnt; they are not read as rows
   * @param shape that of the format; null: records of any shape, which is told from the sample
   * @throws InputError when no column of them stands for the time
   */
  constructor(file: OpenFile, sample: readonly object[], shape: JsonShape | null = null) {
    this.#file = file
    this.#isFixed = shape !== null
    const records = sample.map((record) => this.#unwrap(record))
    this.#shape = shape ?? findShape(records)
    const derived = records.map((record) => this.#derive(record))
    const map = this.#shape === null ? [] : mapShape(this.#shape, this.#isFixed ? null : derived)
    this.#columns = new FieldColumns(new Map([...map, ...file.map]))
    this.#records = new RecordReader(this.#columns, file, { timeIsEnd: this.#shape?.timeIsEnd ?? false })
    for (const record of derived) this.#flatten(record, this.#root, 1)
    this.#records.checkTime()
  }

  /** @param failure why its answer is known to be bad, in fixed wording; `''` for no such knowledge */
  append(record: object, line: number, text: () => string, failure = ''): void {
    for (const index of this.#used) this.#cells[index] = undefined
    this.#flatten(this.#derive(this.#unwrap(record)), this.#root, 1)
    if (this.#isRequest()) {
      this.#requests++
      this.#records.append(this.#cells, line, text, failure)
    } else {
      this.#others++
    }
  }

  /** How plain records are read, as a PlainPlan in JSON; null when none is plain. */
  plan(): string | null {
    if (this.#plan === undefined) {
      // What a shape derives, it derives from parsed values.
      this.#plan = this.#shape?.derive === undefined ? JSON.stringify(this.#makePlan()) : null
      if (this.#plan !== null) this.#plans.add(this.#plan)
    }
    return this.#plan
  }

  /** Whether records without new names are read otherwise by now. */
  isStale(plan: string): boolean {
    return !this.#plans.has(plan)
  }

  /** Appends records that were read from bytes. */
  appendPlain(rows: PlainRows): void {
    const { from, to, flags } = rows
    if ((flags & FLAG.other) === 0) {
      this.#requests += to - from
      this.#records.appendPlain(rows)
      return
    }
    const isOther = (row: number) => (rows.columns.flags[row] & FLAG.other) !== 0
    for (let start = from; start < to; ) {
      let end = start + 1
      while (end < to && isOther(end) === isOther(start)) end++
      if (isOther(start)) this.#others += end - start
      else {
        this.#requests += end - start
        this.#records.appendPlain({ ...rows, from: start, to: end })
      }
      start = end
    }
  }

  #makePlan(): PlainPlan {
    const slots = new Map(this.#used.map((index, slot) => [index, slot]))
    const slotOf = (index: number) => slots.get(index) ?? NO_SLOT.unused
    const describe = (node: Node, key: string): PlainNode => ({
      key,
      slot: node.index === undefined ? NO_SLOT.unmet : slotOf(node.index),
      isWhole: isWhole(node.path),
      below: [...node.below].map(([name, below]) => describe(below, name)),
    })
    return {
      layout: {
        kind: 'objects',
        root: describe(this.#root, ''),
        isFull: this.#paths >= MOST_COLUMNS,
        needsRequest: !this.#file.map.has('time'),
      },
      slots: slots.size,
      fields: this.#records.planFields(slotOf),
      isUtc: createTimeParser(this.#file.timezone).isUtc,
      routes: this.#file.sharing.routes,
      schemas: this.#file.sharing.schemas,
    }
  }

  /** @throws InputError when no record told of a request */
  finish(): void {
    if (this.#requests === 0 && this.#others > 0) {
      throw new InputError(
        `${this.#file.name}: none of its ${this.#others} records tells of a request: they have no status, endpoint or duration; name a column with --map, e.g. --map status=COLUMN`,
      )
    }
    if (this.#shape !== null && !this.#isFixed)
      this.#file.builder.note(`its fields are those of ${this.#shape.name}.`, this.#file.name)
    this.#records.finish()
    if (this.#others > 0) {
      const subject = this.#others === 1 ? '1 record has' : `${this.#others} records have`
      this.#file.builder.note(`${subject} no status, endpoint or duration: no requests, and left out.`, this.#file.name)
    }
  }

  /** A program writes its other messages into the same log. Who names the time by hand means every record. */
  #isRequest(): boolean {
    if (this.#file.map.has('time')) return true
    return (['status', 'endpoint', 'duration', 'method'] as const).some((field) =>
      this.#columns.of(field).some(({ index }) => {
        const cell = this.#cells[index]
        return cell !== undefined && cell !== null && cell !== ''
      }),
    )
  }

  #unwrap(record: object): object {
    return this.#isFixed ? record : unwrap(record)
  }

  #derive(record: object): object {
    const made = this.#shape?.derive?.(record as Readonly<Record<string, unknown>>)
    return made === undefined ? record : { ...record, ...made }
  }

  #flatten(record: object, parent: Node, depth: number): void {
    for (const [key, value] of Object.entries(record)) {
      let node = parent.below.get(key)
      if (node === undefined) {
        if (this.#paths >= MOST_COLUMNS) continue
        this.#paths++
        this.#plan = undefined
        node = { path: parent.path === '' ? key : `${parent.path}.${key}`, index: undefined, below: new Map() }
        parent.below.set(key, node)
      }
      if (isObject(value) && !isWhole(node.path)) {
        if (depth < DEEPEST) this.#flatten(value, node, depth + 1)
        continue
      }
      if (node.index === undefined) {
        node.index = this.#addColumn(node.path)
        this.#plan = undefined
      }
      if (node.index >= 0) this.#cells[node.index] = value
    }
  }

  #addColumn(path: string): number {
    if (!this.#columns.add(path)) return -1
    const index = this.#columns.names.length - 1
    this.#used.push(index)
    // It may be a better one than those that were known, even for records without it.
    this.#plans.clear()
    return index
  }
}

/**
 * The record itself, without what its store or its collector put around it: Elasticsearch's `_source` or `fields`
 * (https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-search), or a JSON text in `message` or `log`
 * (Docker, CloudWatch, Filebeat), whose own time is the better one.
 */
function unwrap(record: object): object {
  const outer = record as Readonly<Record<string, unknown>>
  if (isObject(outer._source)) return unwrap(outer._source)
  if (isObject(outer.fields) && typeof outer._index === 'string') return takeFirst(outer.fields)
  for (const key of ['message', '@message', 'log', 'textPayload'] as const) {
    const text = outer[key]
    if (typeof text !== 'string' || !/^\s*\{\s*"/.test(text)) continue
    const inner = parseObject(text)
    if (inner === null) continue
    const hasTime = Object.keys(inner).some(isTimeName)
    const around = Object.entries(outer).filter(([name]) => name !== key && !(hasTime && isTimeName(name)))
    return { ...Object.fromEntries(around), ...inner }
  }
  return record
}

/** Elasticsearch's `fields` are lists. */
function takeFirst(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, Array.isArray(value) ? value[0] : value]),
  )
}

function isTimeName(name: string): boolean {
  return recogniseField(name)?.field === 'time'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object that a JSON text stands for; null when it is something else, or nested too deep. */
export function parseObject(text: string): object | null {
  if (isTooDeep(text)) return null
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

/** Why a text is no record, for who rejects it. */
export function whyNoObject(text: string, rule: string): string {
  return isTooDeep(text) ? TOO_DEEP : rule
}
