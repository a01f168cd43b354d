import type { Format } from '../format.ts'
import { JsonRecords, parseObject } from '../json-records.ts'
import { LONGEST_LINE } from '../lines.ts'

const MOST_LEARNT = 200
const LONGEST_EXCERPT = 200

/** One JSON array of objects, on one line or many. */
export const jsonArray: Format = {
  name: 'json',
  plannedTraffic: false,
  recognise: (head) => (/^\s*\[\s*\{\s*"/.test(head) ? 0.9 : 0),
  async read(content, file) {
    const records = new JsonRecords(file)
    let learnt = 0
    const learner = new ObjectSplitter((text) => {
      const record = learnt++ < MOST_LEARNT ? parseObject(text) : null
      if (record !== null) records.learn(record)
    })
    learner.push(content.head)
    records.checkTime()

    const splitter = new ObjectSplitter((text, line) => {
      const record = parseObject(text)
      if (record === null) file.builder.reject(line, 'an item must be a JSON object of at most 1 MiB', text)
      else records.append(record, line, () => text)
    })
    for await (const chunk of content.text()) splitter.push(chunk)
    splitter.finish()
    records.finish()
  },
}

/** Cuts the objects of a JSON array out of its text, by braces outside of strings. */
class ObjectSplitter {
  readonly #onObject: (text: string, line: number) => void
  #depth = 0
  #inString = false
  #escaped = false
  #text = ''
  #isTooLong = false
  #line = 1
  #startLine = 1

  constructor(onObject: (text: string, line: number) => void) {
    this.#onObject = onObject
  }

  push(chunk: string): void {
    let start = 0
    for (let index = 0; index < chunk.length; index++) {
      const code = chunk.charCodeAt(index)
      if (code === 10) this.#line++
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (code === 92) this.#escaped = true
        else if (code === 34) this.#inString = false
      } else if (code === 34) {
        this.#inString = this.#depth > 0
      } else if (code === 123) {
        if (this.#depth++ === 0) {
          start = index
          this.#startLine = this.#line
        }
      } else if (code === 125 && this.#depth > 0 && --this.#depth === 0) {
        this.#hold(chunk.slice(start, index + 1))
        this.#flush()
      }
    }
    if (this.#depth > 0) this.#hold(chunk.slice(start))
  }

  /** Hands over what is left of an array that was cut. */
  finish(): void {
    if (this.#depth > 0) this.#flush()
  }

  /** Of an object beyond the longest line only the beginning is held; it does not parse, so it is rejected. */
  #hold(part: string): void {
    if (!this.#isTooLong) this.#text += part
    if (this.#text.length <= LONGEST_LINE) return
    this.#isTooLong = true
    this.#text = this.#text.slice(0, LONGEST_EXCERPT)
  }

  #flush(): void {
    this.#onObject(this.#text, this.#startLine)
    this.#text = ''
    this.#isTooLong = false
  }
}
