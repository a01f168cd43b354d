const MOST_ROUTES = 20_000

/** Routes that somebody wrote down, e.g. in an OpenAPI file. */
export interface KnownRoutes {
  /** The route that a path fits, null for none. Fixed segments win over parameters, from left to right. */
  find(method: string, path: string): string | null
}

interface Node {
  readonly fixed: Map<string, Node>
  /** Segments with parameters, as their fixed pieces. */
  readonly variable: { readonly pieces: readonly string[]; readonly node: Node }[]
  /** The route that ends here, by method; `''` for any. */
  readonly routes: Map<string, string>
}

const NONE: KnownRoutes = { find: () => null }

/** @param templates like `/users/{id}`, `/files/{name}.json` or `GET /users/{id}` */
export function createKnownRoutes(templates: readonly string[]): KnownRoutes {
  if (templates.length === 0) return NONE
  const root = createNode()
  for (const template of templates.slice(0, MOST_ROUTES)) {
    const [, method = '', path] = /^(?:([A-Za-z]+) +)?(\/.*)$/.exec(template.trim()) ?? []
    if (path !== undefined) addRoute(root, method.toUpperCase(), path)
  }
  return { find: (method, path) => (path === '' ? null : findRoute(root, method, splitPath(path), 0)) }
}

function createNode(): Node {
  return { fixed: new Map(), variable: [], routes: new Map() }
}

/** A slash at the end does not make another route. */
function splitPath(path: string): string[] {
  return path.replace(/(?<=.)\/$/, '').split('/')
}

function addRoute(root: Node, method: string, path: string): void {
  let node = root
  for (const segment of splitPath(path)) {
    const pieces = segment.split(/\{[^{}]*\}/)
    let next =
      pieces.length === 1 ? node.fixed.get(segment) : node.variable.find((at) => isSame(at.pieces, pieces))?.node
    if (next === undefined) {
      next = createNode()
      if (pieces.length === 1) node.fixed.set(segment, next)
      else node.variable.push({ pieces, node: next })
      // `{name}.json` before `{name}`.
      node.variable.sort((a, b) => b.pieces.join('').length - a.pieces.join('').length)
    }
    node = next
  }
  if (!node.routes.has(method)) node.routes.set(method, path)
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((piece, index) => piece === b[index])
}

/** A node has few variable segments, each template at most one of a kind: this cannot branch far. */
function findRoute(node: Node, method: string, segments: readonly string[], at: number): string | null {
  if (at === segments.length) return node.routes.get(method) ?? node.routes.get('') ?? null
  const fixed = node.fixed.get(segments[at])
  const found = fixed === undefined ? null : findRoute(fixed, method, segments, at + 1)
  if (found !== null) return found
  for (const { pieces, node: next } of node.variable) {
    const route = fits(segments[at], pieces) ? findRoute(next, method, segments, at + 1) : null
    if (route !== null) return route
  }
  return null
}

/** Whether a segment has these pieces, in order, with something between them. */
function fits(segment: string, pieces: readonly string[]): boolean {
  const last = pieces[pieces.length - 1]
  if (!segment.startsWith(pieces[0]) || !segment.endsWith(last)) return false
  let at = pieces[0].length
  const end = segment.length - last.length
  for (const piece of pieces.slice(1, -1)) {
    const next = segment.indexOf(piece, at + 1)
    if (next < 0) return false
    at = next + piece.length
  }
  return at < end
}
