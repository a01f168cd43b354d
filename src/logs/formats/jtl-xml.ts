import { FieldColumns } from '../columns.ts'
import type { Content, Format, OpenFile } from '../format.ts'
import { InputError } from '../input-error.ts'
import { TOO_LONG } from '../lines.ts'
import { LONGEST_BODY } from '../payload.ts'
import { RecordReader } from '../records.ts'
import { resolveReferences, XmlScanner } from '../xml.ts'
import { failedWithoutAnswer, isSum, JTL_COLUMNS, SUMS_COUNT, SUMS_LEFT_OUT } from './jtl.ts'

/** https://jmeter.apache.org/usermanual/listeners.html#xmlformat2.1 */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  ts: 'timeStamp',
  t: 'elapsed',
  lb: 'label',
  rc: 'responseCode',
  by: 'bytes',
  s: 'success',
}
/** Attributes that stand for nothing of ours; any other one is a variable that the test saves. */
const UNUSED = new Set('it lt ct rm tn dt de sby sc ec ng na hn in varname'.split(' '))
const COLUMNS = Object.values(ATTRIBUTES)
const CODE = COLUMNS.indexOf('responseCode')
const MAP = new Map([...JTL_COLUMNS, ['body', 'responseData'] as const, ['contentType', 'Content-Type'] as const])
const SAMPLES = new Set(['httpSample', 'sample'])
const TEXTS = new Set(['failureMessage', 'responseData', 'responseHeader'])
const MOST_OTHERS = 100
const DEEPEST = 200

/**
 * JMeter's results as XML. A sample counts once, with all that is nested in it: redirects and embedded resources are
 * parts of a request. Only the sum of a transaction controller does not count; what is nested in it does.
 */
export const jtlXml: Format = {
  name: 'jtl-xml',
  plannedTraffic: true,
  recognise: (head) => (/^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*<testResults[\s>]/.test(head) ? 0.99 : 0),
  async read(content, file) {
    const samples = new Samples(content, file)
    const scanner = new XmlScanner(samples)
    try {
      for await (const chunk of content.text()) scanner.push(chunk)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      throw new InputError(`${file.name}: ${error.message}`, { cause: error })
    }
    samples.finish(scanner.finish())
  },
}

/** A sample whose tag is open. */
interface OpenSample {
  readonly attributes: ReadonlyMap<string, string> | null
  readonly line: number
  /** False for a sum and for what is nested in a sample that counts. */
  readonly counts: boolean
  /** Collected raw text by element. */
  readonly texts: Map<string, string>
}

class Samples {
  readonly #file: OpenFile
  readonly #columns: FieldColumns
  readonly #records: RecordReader
  readonly #cells: unknown[] = []
  readonly #others = new Map<string, number>()
  readonly #isOnlySums: boolean
  readonly #open: OpenSample[] = []
  /** Names of all open elements. */
  readonly #path: string[] = []
  #sums = 0
  #nested = 0

  constructor(content: Content, file: OpenFile) {
    this.#file = file
    this.#columns = new FieldColumns(new Map([...MAP, ...file.map]))
    for (const name of COLUMNS) this.#columns.add(name)
    this.#records = new RecordReader(this.#columns, file)
    this.#isOnlySums = hasOnlySums(content.head)
  }

  onOpen(name: string, attributes: ReadonlyMap<string, string> | null, line: number): void {
    if (this.#path.push(name) > DEEPEST) throw new InputError(`must not nest elements deeper than ${DEEPEST}`)
    if (!SAMPLES.has(name)) return
    const isNested = this.#open.some((sample) => sample.counts)
    const isSumHere = !isNested && !this.#isOnlySums && isSum(attributes?.get('rm'))
    if (isNested) this.#nested++
    if (isSumHere) this.#sums++
    this.#open.push({ attributes, line, counts: !isNested && !isSumHere, texts: new Map() })
  }

  onClose(name: string): void {
    // A name that does not fit closes nothing: the scanner knows no name for the end of an overlong tag.
    const top = this.#path[this.#path.length - 1]
    if (name !== '' && name !== top) return
    this.#path.pop()
    if (top !== undefined && SAMPLES.has(top)) this.#close(this.#open.pop())
  }

  onText(piece: string): void {
    const element = this.#path[this.#path.length - 1]
    const sample = this.#open[this.#open.length - 1]
    if (sample === undefined || !sample.counts || !TEXTS.has(element)) return
    const text = sample.texts.get(element) ?? ''
    // One more than is examined, so that it is known to be too long.
    if (text.length <= LONGEST_BODY) sample.texts.set(element, text + piece.slice(0, LONGEST_BODY + 1 - text.length))
  }

  finish(isCut: boolean): void {
    const { builder, name } = this.#file
    if (isCut || this.#open.length > 0)
      builder.note('ends within its XML; a sample that is not whole is left out.', name)
    this.#records.finish()
    if (this.#isOnlySums) builder.note(SUMS_COUNT, name)
    if (this.#sums > 0) builder.note(`${this.#sums} ${SUMS_LEFT_OUT}`, name)
    if (this.#nested > 0) builder.note(`${this.#nested} results within a sample are parts of it and not counted.`, name)
  }

  #close(sample: OpenSample | undefined): void {
    if (sample === undefined || !sample.counts) return
    const { attributes, line, texts } = sample
    if (attributes === null) {
      this.#file.builder.reject(line, TOO_LONG, '')
      return
    }
    this.#cells.fill(undefined)
    for (const [key, value] of attributes) this.#setAttribute(key, value)
    if (failedWithoutAnswer(attributes.get('s'), attributes.get('rc'))) this.#cells[CODE] = '0'
    const failure = attributes.get('s') === 'false' ? resolveReferences(texts.get('failureMessage') ?? '').trim() : ''
    if (failure !== '') this.#setOther('failureMessage', failure)
    const body = texts.get('responseData')
    if (body !== undefined) this.#setOther('responseData', resolveReferences(body))
    const contentType = /^content-type: *(.{1,200})$/im.exec(texts.get('responseHeader') ?? '')?.[1]
    if (contentType !== undefined) this.#setOther('Content-Type', contentType.trim())
    this.#records.append(this.#cells, line, () => [...attributes].map(([key, value]) => `${key}="${value}"`).join(' '))
  }

  #setAttribute(key: string, value: string): void {
    if (Object.hasOwn(ATTRIBUTES, key)) this.#cells[COLUMNS.indexOf(ATTRIBUTES[key])] = value
    else if (!UNUSED.has(key)) this.#setOther(key, value)
  }

  #setOther(key: string, value: string): void {
    let index = this.#others.get(key)
    if (index === undefined) {
      if (this.#others.size >= MOST_OTHERS) return
      this.#columns.add(key)
      index = this.#columns.names.length - 1
      this.#others.set(key, index)
    }
    this.#cells[index] = value
  }
}

/** Whether the beginning has sums of transaction controllers and no other sample. */
function hasOnlySums(head: string): boolean {
  const tags = head.match(/<(?:httpSample|sample)\s[^>]{1,5000}>/g) ?? []
  return tags.length > 0 && tags.every((tag) => /\srm="Number of samples in transaction/.test(tag))
}
