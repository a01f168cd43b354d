import type { Format } from '../format.ts'
import { InputError } from '../input-error.ts'
import { findItemPath, JsonItems } from '../json-items.ts'
import { JsonRecords, parseObject } from '../json-records.ts'
import type { JsonShape } from '../json-shapes.ts'
import { LONGEST_BODY } from '../payload.ts'

const ENTRIES = 'log.entries.*'

/** http://www.softwareishard.com/blog/har-12-spec/: `time` in ms; sizes and times of -1 are not known. */
const SHAPE: JsonShape = {
  name: 'HAR',
  signs: [],
  columns: {
    time: ['startedDateTime'],
    duration: ['time:ms'],
    method: ['request.method'],
    endpoint: ['request.url'],
    service: ['host of request.url'],
    status: ['response.status'],
    bytes: ['response.content.size'],
    contentType: ['response.content.mimeType'],
    body: ['response.content.text'],
    grpcStatus: ['response header grpc-status'],
  },
}

/** The parts of an entry that are read. What stands there may be anything. */
interface Entry {
  readonly startedDateTime?: unknown
  readonly time?: unknown
  readonly request?: { readonly method?: unknown; readonly url?: unknown } | null
  readonly response?: {
    readonly status?: unknown
    readonly headers?: unknown
    readonly content?: {
      readonly size?: unknown
      readonly mimeType?: unknown
      readonly text?: unknown
      readonly encoding?: unknown
    } | null
  } | null
}

/** HTTP archives, as browsers, proxies and test tools record them. Who records clicks through a plan. */
export const har: Format = {
  name: 'har',
  plannedTraffic: true,
  recognise(head) {
    if (!/^\s*\{\s*"log"\s*:\s*\{/.test(head)) return 0
    return findItemPath(head, [ENTRIES]) !== null || /"(?:creator|entries|pages)"\s*:/.test(head) ? 0.99 : 0
  },
  async read(content, file) {
    let records: JsonRecords | null = null
    let number = 0
    let answered = 0
    const items = new JsonItems([ENTRIES], {
      onItem(text) {
        number++
        const entry = parseObject(text)
        if (entry === null) {
          file.builder.reject(number, 'an entry must be a JSON object', text)
          return
        }
        if (isObject((entry as Entry).response)) answered++
        const record = toRecord(entry)
        records ??= new JsonRecords(file, [record], SHAPE)
        records.append(record, number, () => excerptOf(entry))
      },
      onRefused: (_line, reason, excerpt) => file.builder.reject(++number, reason, excerpt),
    })
    for await (const chunk of content.text()) items.push(chunk)
    const isWhole = items.finish()
    if (records === null) throw new InputError(`${file.name}: this HTTP archive has no entries that can be read`)
    if (answered === 0) {
      throw new InputError(
        `${file.name}: the entries of this HTTP archive have no responses: a plan of requests, no record`,
      )
    }
    if (!isWhole) file.builder.note('ends within its JSON; what comes before was read.', file.name)
    finish(records)
  },
}

/** A function of its own, since the compiler does not see that a callback set the variable. */
function finish(records: JsonRecords): void {
  records.finish()
}

function toRecord({ startedDateTime, time, request, response }: Entry): object {
  const url = typeof request?.url === 'string' ? request.url : ''
  const { size, mimeType } = response?.content ?? {}
  return {
    startedDateTime,
    time,
    request: { method: request?.method, url },
    'host of request.url': /^[a-z]+:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(url)?.[1] ?? '',
    response: { status: response?.status, content: { size, mimeType, text: bodyOf(response) } },
    'response header grpc-status': findHeader(response?.headers, 'grpc-status'),
  }
}

/** The answer's text, decoded when it is in base64 and no picture. */
function bodyOf(response: Entry['response']): unknown {
  const { text, encoding, mimeType } = response?.content ?? {}
  if (encoding !== 'base64' || typeof text !== 'string') return text
  if (!/json|text|xml/i.test(String(mimeType)) || text.length > LONGEST_BODY) return undefined
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))
  } catch {
    return undefined
  }
}

function findHeader(headers: unknown, name: string): unknown {
  if (!Array.isArray(headers)) return undefined
  const header: unknown = headers.find((candidate) => isObject(candidate) && nameOf(candidate) === name)
  return isObject(header) ? (header as { value?: unknown }).value : undefined
}

function nameOf(header: object): string {
  return String((header as { name?: unknown }).name).toLowerCase()
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function excerptOf({ request, response }: Entry): string {
  return `${String(request?.method)} ${String(request?.url)}: ${String(response?.status)}`
}
