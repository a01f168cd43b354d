import type { Validator } from './payload.ts'

/**
 * Finds the schema of an endpoint. The names of path parameters do not matter: `GET /users/{userId}` is
 * `GET /users/{id}`.
 *
 * @param schemas validators by `METHOD /route`
 */
export function createSchemaFinder(
  schemas: ReadonlyMap<string, Validator>,
): (endpoint: string) => Validator | undefined {
  if (schemas.size === 0) return () => undefined
  const byRoute = new Map([...schemas].map(([endpoint, validate]) => [normalise(endpoint), validate]))
  return (endpoint) => byRoute.get(normalise(endpoint))
}

function normalise(endpoint: string): string {
  return endpoint
    .trim()
    .replace(/^[a-z]+(?= )/i, (method) => method.toUpperCase())
    .replace(/\{[^}/]*\}|(?<=\/):[^/]+/g, '{}')
}
