/** What kind of text an answer was. */
export const CONTENT = { unknown: 0, json: 1, html: 2, other: 3 } as const

/** The reason of an answer whose kind is not its endpoint's. */
export const FOREIGN_CONTENT = 'answer is HTML where JSON is normal'

const LEAST_JSON = 20
/** Share of JSON in the JSON and HTML answers of an endpoint from which on HTML is a failure: an outage may be long. */
const LEAST_SHARE = 0.6

/** The kind of an answer by its content type and its body. */
export function kindOfContent(contentType: string, body: unknown): number {
  if (typeof body === 'object' && body !== null) return CONTENT.json
  if (typeof body === 'string') {
    if (isHtml(body)) return CONTENT.html
    if (/^\s*[[{]/.test(body)) return CONTENT.json
  }
  if (contentType === '') return CONTENT.unknown
  if (/[/+]json\b/i.test(contentType)) return CONTENT.json
  return /^\s*text\/html\b/i.test(contentType) ? CONTENT.html : CONTENT.other
}

/** Whether a text is a web page. */
export function isHtml(text: string): boolean {
  return /^\s{0,100}<(?:!doctype\s+html|html|head|body)\b/i.test(text)
}

/**
 * Finds the 2xx answers in HTML of endpoints that normally answer JSON.
 *
 * @param endpointOf code of a row's endpoint, 0 unknown
 * @returns rows, ascending
 */
export function findForeignContent(
  rows: number,
  status: Uint16Array,
  content: Uint8Array,
  endpointOf: (row: number) => number,
): number[] {
  const counts = new Map<number, { json: number; html: number }>()
  for (let row = 0; row < rows; row++) {
    if (!(content[row] === CONTENT.json || content[row] === CONTENT.html) || !isSuccess(status[row])) continue
    const endpoint = endpointOf(row)
    // Without an endpoint there is no telling what is normal.
    if (endpoint === 0) continue
    let count = counts.get(endpoint)
    if (count === undefined) {
      count = { json: 0, html: 0 }
      counts.set(endpoint, count)
    }
    if (content[row] === CONTENT.json) count.json++
    else count.html++
  }
  const suspects = new Set<number>()
  for (const [endpoint, { json, html }] of counts) {
    if (html > 0 && json >= LEAST_JSON && json >= (json + html) * LEAST_SHARE) suspects.add(endpoint)
  }
  const found: number[] = []
  if (suspects.size === 0) return found
  for (let row = 0; row < rows; row++) {
    if (content[row] === CONTENT.html && isSuccess(status[row]) && suspects.has(endpointOf(row))) found.push(row)
  }
  return found
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}
