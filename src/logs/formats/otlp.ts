import type { Format } from '../format.ts'
import { InputError } from '../input-error.ts'
import { JsonItems } from '../json-items.ts'
import { JsonRecords, parseObject } from '../json-records.ts'
import type { JsonShape } from '../json-shapes.ts'

/** Lists of spans: OTLP, Tempo's answers (`batches`, `trace`), and protobuf's own names. */
const ROOTS = ['resourceSpans', 'batches', 'trace.resourceSpans', 'trace.batches', 'resource_spans']
const SCOPES = ['scopeSpans', 'instrumentationLibrarySpans', 'scope_spans', 'instrumentation_library_spans']
const RESOURCES = ROOTS.map((root) => `${root}.*.resource`)
const SPANS = ROOTS.flatMap((root) => SCOPES.map((scope) => `${root}.*.${scope}.*.spans.*`))
const BATCHES = new Set(ROOTS.map((root) => `${root}.*`))
/** Spans that are held because their resource stands behind them. */
const MOST_HELD = 20_000

/**
 * https://github.com/open-telemetry/opentelemetry-proto: times in ns. Attributes are recognised by name, in their old
 * and their stable form: https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
const SHAPE: JsonShape = {
  name: 'OpenTelemetry',
  signs: [],
  columns: { time: ['startTimeUnixNano'], duration: ['duration:ns'] },
}
const PATHS = ['http.route', 'url.path', 'http.target', 'url.full', 'http.url']
const IS_HTTP = ['http.request.method', 'http.method', 'http.response.status_code', 'http.status_code']

type Attributes = Readonly<Record<string, unknown>>

/** OTLP traces as JSON: one document, or one per line as the collector's file exporter writes them. */
export const otlp: Format = {
  name: 'otlp',
  plannedTraffic: false,
  recognise: (head) =>
    /^\s*\{\s*"(?:resourceSpans|resource_spans|batches|trace)"\s*:\s*[[{]/.test(head) &&
    /"(?:resource|scopeSpans|spans)"\s*:/i.test(head)
      ? 0.99
      : 0,
  async read(content, file) {
    const spans = new ServerSpans((record, number, text, failure) => {
      records ??= new JsonRecords(file, [record], SHAPE)
      records.append(record, number, text, failure)
    })
    let records: JsonRecords | null = null
    const items = new JsonItems([...RESOURCES, ...SPANS], {
      onItem(text, _line, path) {
        const value = parseObject(text) as Attributes | null
        if (path.endsWith('.resource')) spans.setResource(value === null ? {} : readAttributes(value.attributes))
        else if (value === null) file.builder.reject(++spans.number, 'a span must be a JSON object', text)
        else spans.add(value)
      },
      onRefused: (_line, reason, excerpt) => file.builder.reject(++spans.number, reason, excerpt),
      onEnd(path) {
        if (BATCHES.has(path)) spans.endBatch()
      },
    })
    for await (const chunk of content.text()) items.push(chunk)
    const isWhole = items.finish()
    spans.endBatch()
    if (records === null) {
      throw new InputError(
        `${file.name}: none of its ${spans.number} spans is an HTTP server span (kind 2 with http.request.method or http.method)`,
      )
    }
    if (!isWhole) file.builder.note('ends within its JSON; what comes before was read.', file.name)
    const others = spans.number - spans.requests
    if (others > 0)
      file.builder.note(`${others} of ${spans.number} spans are no HTTP server spans: left out.`, file.name)
    finish(records)
  },
}

/** A function of its own, since the compiler does not see that a callback set the variable. */
function finish(records: JsonRecords): void {
  records.finish()
}

type OnRequest = (record: object, number: number, text: () => string, failure: string) => void

/** Finds the HTTP server spans and puts them together with what their resource says. */
class ServerSpans {
  number = 0
  requests = 0
  readonly #onRequest: OnRequest
  #resource: Attributes | null = null
  #held: { record: Attributes; number: number; failure: string }[] = []

  constructor(onRequest: OnRequest) {
    this.#onRequest = onRequest
  }

  setResource(attributes: Attributes): void {
    this.#resource = attributes
    this.#release()
  }

  add(span: Attributes): void {
    this.number++
    const attributes = readAttributes(span.attributes)
    if (!isServer(span.kind) || !IS_HTTP.some((name) => attributes[name] !== undefined)) return
    this.requests++
    const start = span.startTimeUnixNano ?? span.start_time_unix_nano
    const route = PATHS.some((name) => attributes[name] !== undefined) ? {} : { 'http.route': span.name }
    const record = {
      ...attributes,
      ...route,
      startTimeUnixNano: typeof start === 'string' || typeof start === 'number' ? start : undefined,
      duration: nanosecondsBetween(start, span.endTimeUnixNano ?? span.end_time_unix_nano),
    }
    this.#held.push({
      record,
      number: this.number,
      failure: isError(span.status) ? 'span status is ERROR under HTTP 2xx' : '',
    })
    if (this.#resource !== null || this.#held.length >= MOST_HELD) this.#release()
  }

  endBatch(): void {
    this.#release()
    this.#resource = null
  }

  #release(): void {
    for (const { record, number, failure } of this.#held) {
      const joined = { ...this.#resource, ...record }
      this.#onRequest(joined, number, () => JSON.stringify(record), failure)
    }
    this.#held = []
  }
}

function isServer(kind: unknown): boolean {
  return kind === 2 || kind === 'SPAN_KIND_SERVER' || kind === 'SERVER'
}

function isError(status: unknown): boolean {
  const code = typeof status === 'object' && status !== null ? (status as { code?: unknown }).code : undefined
  return code === 2 || code === 'STATUS_CODE_ERROR'
}

/** `[{key, value: {stringValue}}]` → `{key: value}`. 64-bit whole numbers are texts in OTLP's JSON. */
function readAttributes(list: unknown): Attributes {
  if (!Array.isArray(list)) return {}
  return Object.fromEntries(
    list.flatMap((item: unknown): [string, unknown][] => {
      const { key, value } = (item ?? {}) as { key?: unknown; value?: unknown }
      if (typeof key !== 'string' || typeof value !== 'object' || value === null) return []
      const [held] = Object.values(value as object) as unknown[]
      return typeof held === 'object' ? [] : [[key, held]]
    }),
  )
}

/** Exact, since nanoseconds since 1970 do not fit a double. */
function nanosecondsBetween(start: unknown, end: unknown): number | undefined {
  if (!/^\d{1,20}$/.test(String(start)) || !/^\d{1,20}$/.test(String(end))) return undefined
  const duration = Number(BigInt(String(end)) - BigInt(String(start)))
  return duration >= 0 ? duration : undefined
}
