import { OUTCOME } from '../types.ts'

/** The client closed the connection before nginx answered: https://nginx.org/en/docs/dev/development_guide.html#http_request */
const CLIENT_CLOSED_REQUEST = 499
/** Likewise AWS's load balancers: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-460-issues */
const CLIENT_CLOSED_CONNECTION = 460

/** How a request with this HTTP status ended; 0 says that no answer came. */
export function outcomeOfStatus(status: number): number {
  if (status === 0 || status === CLIENT_CLOSED_REQUEST || status === CLIENT_CLOSED_CONNECTION) return OUTCOME.noResponse
  if (status < 400) return OUTCOME.ok
  if (status < 500) return OUTCOME.clientError
  return status < 600 ? OUTCOME.serverError : OUTCOME.unknown
}

/** What a status text says that is no number. */
export const STATUS_TEXT = { unknown: -1, noResponse: -2, invalid: -3 } as const

/**
 * Reads an HTTP status.
 *
 * @param text `200`, `200 OK`, JMeter's `Non HTTP response code: …`, or a word
 * @returns 0 (no answer) or 100..999, or a value of STATUS_TEXT: `unknown` for an empty text or a word such as `ok`
 *   (many logs have a `status` that is no HTTP status), `invalid` for a number that is no status
 */
export function parseStatus(text: string): number {
  if (text === '') return STATUS_TEXT.unknown
  const first = text.charCodeAt(0) - 48
  if (first < 0 || first > 9) {
    if (text.startsWith('Non HTTP response code')) return STATUS_TEXT.noResponse
    return /^[A-Za-z]/.test(text) ? STATUS_TEXT.unknown : STATUS_TEXT.invalid
  }
  const [, digits] = /^(\d+)(?:\.0+)?(?:\s.*)?$/.exec(text) ?? []
  const status = Number(digits)
  return status === 0 || (status >= 100 && status <= 999) ? status : STATUS_TEXT.invalid
}
