import type { OpenFile } from './format.ts'
import { InputError } from './input-error.ts'
import { JsonRecords } from './json-records.ts'
import type { JsonShape } from './json-shapes.ts'

/** Requests that wait for the checks that follow them. */
const MOST_WAITING = 2_000
/** Of one scenario and group, how many of the last requests a check may belong to. */
const MOST_CANDIDATES = 100
/** A failed check belongs rather to a failed request that ended so shortly before than to the good one after it. */
const SAME_MOMENT = 50
const LONGEST_CHECK_NAME = 100

/** https://grafana.com/docs/k6/latest/using-k6/metrics/reference/: a point is stamped when the request ended, in ms. */
const SHAPE: JsonShape = {
  name: 'k6',
  signs: [],
  columns: {
    time: ['time'],
    duration: ['http_req_duration:ms'],
    status: ['status'],
    method: ['method'],
    endpoint: ['name'],
    payload: ['checks passed'],
  },
  timeIsEnd: true,
}

/** One measurement of one metric. */
export interface K6Point {
  readonly metric: string
  /** As the file writes it. */
  readonly time: string | number
  readonly value: number
  /** Tags and metadata. */
  readonly tags: Readonly<Record<string, unknown>>
  readonly line: number
  readonly text: string
}

interface Waiting {
  readonly point: K6Point
  readonly ended: number
  /** 2xx or 3xx, as the test expected. */
  readonly isGood: boolean
  readonly checks: Set<string>
  failure: string
  /** The line that shows the failure. */
  excerpt: string
}

/**
 * Makes requests of k6's points: one for each `http_req_duration`, with the checks that failed on it.
 *
 * A check names no request. It belongs to the nearest request before it in the stream that has its scenario and group
 * (its VU and iteration, when the test writes them; its name and URL, when the check is tagged with them) and that has
 * not had this check yet. Other virtual users come between: of several such requests of the same moment, a failed check
 * takes the one that failed in itself, so that no good answer is blamed for its neighbour.
 */
export class K6Requests {
  readonly #file: OpenFile
  #records: JsonRecords | null = null
  readonly #waiting: Waiting[] = []
  readonly #candidates = new Map<string, Waiting[]>()
  #isPrecise = false
  #failedChecks = 0
  #looseChecks = 0

  constructor(file: OpenFile) {
    this.#file = file
  }

  append(point: K6Point): void {
    if (point.metric === 'http_req_duration') this.#addRequest(point)
    else if (point.metric === 'checks') this.#addCheck(point)
  }

  /** @throws InputError when there was no request */
  finish(): void {
    for (const request of this.#waiting) this.#release(request)
    if (this.#records === null) {
      throw new InputError(`${this.#file.name}: has no http_req_duration point, so it tells of no HTTP request of k6`)
    }
    this.#records.finish()
    const { builder, name } = this.#file
    if (this.#failedChecks > 0 && !this.#isPrecise) {
      builder.note(
        'failed k6 checks name no virtual user, so each is taken for the nearest request before it in its scenario and group; --system-tags with vu and iter makes that exact.',
        name,
      )
    }
    if (this.#looseChecks > 0) {
      const subject = this.#looseChecks === 1 ? '1 failed check follows' : `${this.#looseChecks} failed checks follow`
      builder.note(`${subject} no request of the same scenario and group: left out.`, name)
    }
  }

  #addRequest(point: K6Point): void {
    const { tags } = point
    const status = Number(tags.status)
    const isExpected = String(tags.expected_response ?? 'true') === 'true'
    const request: Waiting = {
      point,
      ended: toMilliseconds(point.time),
      isGood: status >= 200 && status < 400 && isExpected,
      checks: new Set(),
      failure: isExpected ? '' : 'k6 did not expect this response',
      excerpt: point.text,
    }
    this.#waiting.push(request)
    const key = keyOf(tags)
    const candidates = this.#candidates.get(key)
    if (candidates === undefined) this.#candidates.set(key, [request])
    else {
      candidates.push(request)
      if (candidates.length > MOST_CANDIDATES) candidates.shift()
    }
    if (this.#waiting.length < 2 * MOST_WAITING) return
    for (const old of this.#waiting.splice(0, MOST_WAITING)) this.#release(old)
    this.#forgetReleased()
  }

  #addCheck({ tags, value, time, text }: K6Point): void {
    const name = String(tags.check ?? '').slice(0, LONGEST_CHECK_NAME)
    this.#isPrecise ||= tags.vu !== undefined
    const candidates = (this.#candidates.get(keyOf(tags)) ?? []).filter(
      ({ point, checks }) =>
        !checks.has(name) &&
        (tags.url === undefined || tags.url === '' || tags.url === point.tags.url) &&
        (tags.name === undefined || tags.name === '' || tags.name === point.tags.name),
    )
    const hasFailed = value === 0
    if (hasFailed) this.#failedChecks++
    const nearest = candidates.at(-1)
    if (nearest === undefined) {
      if (hasFailed) this.#looseChecks++
      return
    }
    const at = toMilliseconds(time)
    const failed = hasFailed
      ? candidates.findLast(({ isGood, ended }) => !isGood && at - ended <= SAME_MOMENT)
      : undefined
    const request = failed ?? nearest
    request.checks.add(name)
    if (!hasFailed || /^failed k6 check/.test(request.failure)) return
    request.failure = `failed k6 check "${name}"`
    request.excerpt = text
  }

  #release({ point, failure, excerpt, checks }: Waiting): void {
    const { name, url, ...tags } = point.tags
    const label = name === undefined || name === '' ? url : name
    // k6's own tags last: none of the user's is in their place.
    const record = {
      ...tags,
      name: label,
      time: point.time,
      http_req_duration: point.value,
      'checks passed': checks.size > 0 ? failure === '' : undefined,
    }
    this.#records ??= new JsonRecords(this.#file, [record], SHAPE)
    this.#records.append(record, point.line, () => excerpt, failure)
  }

  #forgetReleased(): void {
    const held = new Set(this.#waiting)
    for (const [key, candidates] of this.#candidates) {
      const left = candidates.filter((request) => held.has(request))
      if (left.length === 0) this.#candidates.delete(key)
      else this.#candidates.set(key, left)
    }
  }
}

function keyOf({ scenario, group, vu, iter }: Readonly<Record<string, unknown>>): string {
  return [scenario, group, vu, iter].map((value) => String(value ?? '')).join('\n')
}

/** For distances only; whole seconds stay seconds apart. */
function toMilliseconds(time: string | number): number {
  const number = Number(time)
  if (Number.isNaN(number)) return Date.parse(String(time))
  // Seconds, milli-, micro- or nanoseconds since 1970, by magnitude.
  if (number < 1e11) return number * 1e3
  return number < 1e14 ? number : number < 1e17 ? number / 1e3 : number / 1e6
}
