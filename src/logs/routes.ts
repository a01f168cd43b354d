import { detach } from './dictionary.ts'
import { createKnownRoutes, type KnownRoutes } from './known-routes.ts'

const MOST_REMEMBERED = 50_000
const LONGEST_PATH = 2_000
const LONGEST_SEGMENT = 100

/**
 * The route of a path: the parts that name one record are replaced, query, fragment and host are dropped.
 *
 * `/users/42/orders/9f3c2a71b0d4?q=1` → `/users/{id}/orders/{hex}`. A text that is no path (a JMeter label, an
 * operation name) is returned with its blanks collapsed.
 */
export function templateRoute(raw: string): string {
  const text = raw.length > LONGEST_PATH ? raw.slice(0, LONGEST_PATH) : raw
  const path = pathOf(text)
  if (path === '') return text.trim().replace(/\s+/g, ' ')
  return path
    .split('/')
    .map((segment) => templateSegment(segment))
    .join('/')
}

/** The path of a request's target without host, query and fragment; `''` when it is no target but a name. */
function pathOf(text: string): string {
  const start = pathStart(text)
  if (start < 0) return ''
  const end = text.slice(start).search(/[?#]/)
  return (end < 0 ? text.slice(start) : text.slice(start, start + end)) || '/'
}

/** Index at which the path of `/path` or `scheme://host/path` starts, -1 when the text is neither. */
function pathStart(text: string): number {
  if (text.startsWith('/')) return 0
  const host = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(text)
  return host === null ? -1 : host[0].length
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function templateSegment(raw: string): string {
  if (raw === '' || /^[{:<]/.test(raw)) return raw
  // Matrix parameters (`;jsessionid=…`) are no part of the route.
  const segment = raw.includes(';') ? raw.slice(0, raw.indexOf(';')) : raw
  if (/^[A-Za-z_.~-]{1,15}$/.test(segment)) return segment
  if (/^\d+$/.test(segment)) return '{id}'
  if (UUID.test(segment)) return '{uuid}'
  if (/^\d{4}-\d\d-\d\d(?:[T ].*)?$/.test(segment)) return '{date}'
  if (/^[^@]+(?:@|%40)[^@]+\.[^@]+$/i.test(segment)) return '{email}'
  if (/^(?:0x)?[0-9a-f]{8,}$/i.test(segment) && /\d/.test(segment)) return '{hex}'
  if (segment.length > LONGEST_SEGMENT) return '{token}'
  const [, name, extension] = /^(.+)(\.[A-Za-z][A-Za-z0-9]{0,4})$/.exec(segment) ?? []
  if (name !== undefined) {
    const template = templateSegment(name)
    return template === name ? segment : template + extension
  }
  const [, prefix] = /^([A-Za-z]+[-_]?)\d+$/.exec(segment) ?? []
  if (prefix !== undefined && (/[-_]$/.test(prefix) || segment.length - prefix.length >= 5)) return `${prefix}{id}`
  return segment.split(/[-_.~]/).some(isRandom) ? '{token}' : segment
}

/** Whether a word looks drawn by lot: long, with digits among letters again and again, or digits and both cases. */
function isRandom(word: string): boolean {
  if (word.length < 10 || !/\d/.test(word) || !/[A-Za-z]/.test(word)) return false
  const changes = word.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g)?.length ?? 0
  return changes >= 3 || (changes >= 2 && /[a-z]/.test(word) && /[A-Z]/.test(word))
}

/** Names the endpoint of a request; the same text object comes back for the same request. */
export type EndpointNamer = (method: string, path: string) => string

/**
 * Endpoints as `METHOD /route`, remembered per method and path in a bounded memory.
 *
 * A path that already reads `GET /x` (or a request line `GET /x HTTP/1.1`) keeps its own method. Without a method the
 * endpoint is the route alone, without a path it is unknown (`''`).
 *
 * @param templates known routes like `/users/{id}` or `GET /users/{id}`: a path that fits one is not templated
 */
export function createEndpointNamer(templates: readonly string[] = []): EndpointNamer {
  const routes = createKnownRoutes(templates)
  const byMethod = new Map<string, Map<string, string>>()
  const nameOf = new Map<string, string>()
  let remembered = 0
  return (method, path) => {
    let known = byMethod.get(method)
    const found = known?.get(path)
    if (found !== undefined) return found
    const named = nameEndpoint(method, path, routes)
    if (remembered >= MOST_REMEMBERED) {
      byMethod.clear()
      nameOf.clear()
      known = undefined
      remembered = 0
    }
    if (known === undefined) {
      known = new Map()
      byMethod.set(detach(method), known)
    }
    const endpoint = nameOf.get(named) ?? detach(named)
    nameOf.set(endpoint, endpoint)
    known.set(detach(path), endpoint)
    remembered++
    return endpoint
  }
}

function nameEndpoint(method: string, path: string, routes: KnownRoutes): string {
  if (path === '') return ''
  const [, ownMethod, ownPath] = /^([A-Z]{3,16}) +(\S.*?)(?: HTTP\/\d(?:\.\d)?)?$/.exec(path) ?? []
  const isRequest = ownPath !== undefined && (pathStart(ownPath) >= 0 || / HTTP\/\d(?:\.\d)?$/.test(path))
  const verb = isRequest ? ownMethod : /^[A-Za-z]{3,16}$/.test(method) ? method.toUpperCase() : ''
  const text = isRequest ? ownPath : path
  const route = routes.find(verb, pathOf(text)) ?? templateRoute(text)
  return verb === '' ? route : `${verb} ${route}`
}
