import { PAYLOAD } from '../types.ts'
import { isHtml } from './content-kinds.ts'
import { isTooDeep } from './json-depth.ts'

/** Checks an answer's JSON against the schema of its route: null is fine, a text says which rule it broke. */
export type Validator = (value: unknown) => string | null

/** Longest body that is examined, in characters. An answer that only reports an error is far shorter. */
export const LONGEST_BODY = 64 * 1024

/** What a log tells of the content of one answer with a 2xx status. */
export interface Answer {
  /** The verdict of whoever wrote the log, null for none; and the name of its column. */
  readonly flag: boolean | null
  readonly flagName: string
  /** The record's own error field, undefined for none; and the name of its column. */
  readonly error: unknown
  readonly errorName: string
  /** `0`, `14`, `OK`, `UNAVAILABLE`, …; `''` for none. */
  readonly grpcStatus: string
  readonly contentType: string
  /** The answer's body as text or as parsed JSON, undefined for none. */
  readonly body: unknown
  readonly schema: Validator | undefined
}

export interface Verdict {
  /** A value of PAYLOAD. */
  readonly payload: number
  /** Why it is invalid: fixed wording and field names; `''` otherwise. */
  readonly reason: string
  /** The body as JSON; undefined when there is none, it was not examined, or it is invalid. */
  readonly value?: unknown
}

const UNKNOWN: Verdict = { payload: PAYLOAD.unknown, reason: '' }

/** Judges whether an answer with a 2xx status failed silently. */
export function judgePayload(answer: Answer): Verdict {
  const { flag, flagName, errorName, grpcStatus } = answer
  const hasError = isFailure(answer.error)
  if (flag === false) return invalid(`"${flagName}" is false${hasError ? `, "${errorName}" is set` : ''}`)
  if (grpcStatus !== '' && !/^(?:0|ok)$/i.test(grpcStatus)) return invalid('gRPC status is not 0 under HTTP 2xx')
  if (hasError) return invalid(`"${errorName}" is set`)
  const body = judgeBody(answer)
  if (body.payload !== PAYLOAD.unknown) return body
  return flag === true || grpcStatus !== '' ? valid() : UNKNOWN
}

function judgeBody({ body, contentType, schema }: Answer): Verdict {
  const wantsJson = schema !== undefined || /[/+]json\b/i.test(contentType)
  if (typeof body === 'string') {
    if (wantsJson && isHtml(body)) return invalid('body is HTML where JSON is due')
    if (body.length > LONGEST_BODY) return UNKNOWN
  }
  const value = typeof body === 'string' ? parseJson(body) : body
  if (value === undefined || value === null) return UNKNOWN
  if (typeof value !== 'object') return schema === undefined ? UNKNOWN : judgeSchema(value, schema)
  const sign = findSign(value)
  if (sign !== '') return invalid(sign)
  return schema === undefined ? valid(value) : judgeSchema(value, schema)
}

function judgeSchema(value: unknown, schema: Validator): Verdict {
  const broken = schema(value)
  return broken === null ? valid(value) : invalid(`body breaks its schema: ${broken.slice(0, 120)}`)
}

function valid(value?: unknown): Verdict {
  return { payload: PAYLOAD.valid, reason: '', value }
}

function invalid(reason: string): Verdict {
  return { payload: PAYLOAD.invalid, reason }
}

/** The value of a JSON text, undefined when it is none: log writers cut bodies, so that is no sign of a failure. */
function parseJson(text: string): unknown {
  if (text === '' || isTooDeep(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const MOST_KEYS = 1_000
const MOST_BATCHED = 100

/** The sign of failure that a JSON answer carries, `''` for none. */
function findSign(value: object): string {
  if (Array.isArray(value)) {
    // A GraphQL batch is a list of answers; in any other list `errors` is somebody's data.
    const batch = value.slice(0, MOST_BATCHED).filter((item) => isObject(item) && 'data' in item)
    return batch.map(findSign).find((sign) => sign !== '') ?? ''
  }
  const entries = Object.entries(value).slice(0, MOST_KEYS)
  for (const [key, content] of entries) {
    switch (key.toLowerCase()) {
      case 'error':
        if (isFailure(content)) return `body has "${key}"`
        break
      case 'errors':
        // Partial GraphQL data counts too: a field that the client asked for is missing from a 200.
        if (typeof content !== 'number' && isFailure(content)) return `body has non-empty "${key}"`
        break
      case 'success':
      case 'ok':
        if (content === false || content === 'false') return `body has "${key}": false`
        break
      case 'status':
        // JSend (https://github.com/omniti-labs/jsend); `failed` is left out because jobs and payments have that status.
        if (typeof content === 'string' && /^(?:error|fail)$/i.test(content)) return `body has "${key}": error`
        break
    }
  }
  return ''
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

const NO_FAILURE = /^\s*(?:|-|0|false|no|none|null|nil|undefined|n\/?a|ok|success|(?:no|without) errors?)[\s.!]*$/i

/** Whether the value of an error field reports an error. Empty, zero and "no error" values do not. */
function isFailure(value: unknown): boolean {
  if (typeof value === 'string') return !NO_FAILURE.test(value)
  if (typeof value === 'number') return value !== 0
  if (Array.isArray(value)) return value.length > 0
  if (!isObject(value)) return value === true
  return Object.values(value)
    .slice(0, MOST_KEYS)
    .some((item) => (isObject(item) ? !isEmpty(item) : isFailure(item)))
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0
}

const TRUE = /^(?:true|t|yes|y|1|valid|ok|pass|passed|success)$/i
const FALSE = /^(?:false|f|no|n|0|invalid|fail|failed|failure|error)$/i

/** Reads a validity flag; null when it is neither yes nor no. */
export function parseFlag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 'false') return value === 'true'
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const text = String(value).trim()
  return TRUE.test(text) ? true : FALSE.test(text) ? false : null
}
