/** What all answers of GitHub's REST API have in common. */

/** The part of a list that `per_page` and `page` ask for. */
export function pageOf<Item>(items: readonly Item[], query: URLSearchParams): Item[] {
  const size = Number(query.get('per_page') ?? 30)
  const start = (Number(query.get('page') ?? 1) - 1) * size
  return items.slice(start, start + size)
}

export function notFound(): Response {
  return Response.json({ message: 'Not Found' }, { status: 404 })
}
