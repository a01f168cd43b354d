/** Reads a YAML document node by node, so that every fault names its line and all faults are told at once. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml'
import { quote, type Rule } from './rules.ts'

/** A file that was read. */
export interface TextFile {
  /** As the user would name it. */
  readonly path: string
  readonly text: string
}

const LONGEST_TEXT = 100_000
const MOST_SYNTAX_FAULTS = 3

/** A key's value, and the name by which messages call it, like `minimum.share`. */
export interface Entry {
  readonly name: string
  readonly node: Node
}

/** A document that is a tree of maps, lists and scalars; faults go to the list that it was made with. */
export class YamlTree {
  /** The top level; undefined when the text is empty or no YAML. */
  readonly root: Entry | undefined
  readonly #path: string
  readonly #lines = new LineCounter()
  readonly #faults: string[]

  constructor({ path, text }: TextFile, faults: string[]) {
    this.#path = path
    this.#faults = faults
    if (text.length > LONGEST_TEXT) {
      faults.push(`${path} must have at most ${LONGEST_TEXT} characters, got ${text.length}`)
      return
    }
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false })
    if (this.#checkSyntax(document) && document.contents !== null && !isEmpty(document.contents)) {
      this.root = { name: '', node: document.contents }
    }
  }

  /** Adds a fault at an entry: `file:line: 'name' must be …, got …`. */
  fault({ name, node }: Entry, rule: string): void {
    const subject = name === '' ? 'the file' : `'${name}'`
    this.#add(node.range?.[0] ?? 0, `${subject} must be ${rule}, got ${describe(node)}`)
  }

  /** The entries of a map by key, in file order; keys without a value are left out. A node that is no map is a fault. */
  map(entry: Entry, rule: string): Map<string, Entry> {
    const entries = new Map<string, Entry>()
    for (const { text, value } of this.#pairs(entry, rule)) if (value !== null) entries.set(text, value)
    return entries
  }

  /** Like `map`, for a map whose keys are known: any other key is a fault. */
  record<Key extends string>(entry: Entry, keys: readonly Key[]): Partial<Record<Key, Entry>> {
    const record: Partial<Record<Key, Entry>> = {}
    const list = keys.join(', ')
    for (const { text, offset, value } of this.#pairs(entry, `a map with the keys ${list}`)) {
      const key = keys.find((known) => known === text)
      if (key === undefined) this.#add(offset, `${quote(nameOf(entry, text))} is not a key; the keys are ${list}`)
      else if (value !== null) record[key] = value
    }
    return record
  }

  /** The items of a list. A node that is no list is a fault. */
  list(entry: Entry, rule: string): Entry[] {
    if (isSeq<Node>(entry.node)) {
      return entry.node.items.map((node, index) => ({ name: `${entry.name}[${index}]`, node }))
    }
    this.fault(entry, rule)
    return []
  }

  /** The value of a scalar; undefined for none, or after a fault. */
  value<Value>(entry: Entry | undefined, { rule, parse }: Rule<Value>): Value | undefined {
    if (entry === undefined) return undefined
    const text = textOf(entry.node)
    const value = text === undefined ? undefined : parse(text)
    if (value === undefined) this.fault(entry, rule)
    return value
  }

  #pairs(entry: Entry, rule: string): { text: string; offset: number; value: Entry | null }[] {
    if (!isMap<Node, Node | null>(entry.node)) {
      this.fault(entry, rule)
      return []
    }
    return entry.node.items.flatMap(({ key, value }) => {
      const text = textOf(key)
      const offset = key.range?.[0] ?? 0
      if (text !== undefined) {
        const isGiven = value !== null && !isEmpty(value)
        return { text, offset, value: isGiven ? { name: nameOf(entry, text), node: value } : null }
      }
      this.#add(offset, `a key must be a word, got ${describe(key)}`)
      return []
    })
  }

  #add(offset: number, message: string): void {
    this.#faults.push(`${this.#path}:${this.#lines.linePos(offset).line || 1}: ${message}`)
  }

  #checkSyntax(document: Document.Parsed): boolean {
    const problems = [...document.errors, ...document.warnings].slice(0, MOST_SYNTAX_FAULTS)
    for (const { message, pos } of problems) this.#add(pos[0], `not YAML as expected: ${quote(message).slice(1, -1)}`)
    let aliases = 0
    visit(document, {
      Alias: (_, alias) => {
        // Aliases of aliases grow without bound, and settings are short enough to be written out.
        if (aliases++ === 0) this.#add(alias.range?.[0] ?? 0, `must not use YAML aliases, got '*${alias.source}'`)
      },
    })
    return problems.length === 0 && aliases === 0
  }
}

/** The text of a scalar as it was written: `1.10` stays `1.10`, and `on` is no boolean. */
function textOf(node: unknown): string | undefined {
  return isScalar(node) ? (node.source ?? String(node.value)) : undefined
}

function nameOf(parent: Entry, key: string): string {
  return parent.name === '' ? key : `${parent.name}.${key}`
}

function isEmpty(node: unknown): boolean {
  return isScalar(node) && node.value === null
}

function describe(node: Node): string {
  if (isMap(node)) return 'a map'
  if (isSeq(node)) return 'a list'
  return isAlias(node) ? 'an alias' : quote(textOf(node) ?? '')
}
