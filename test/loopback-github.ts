/**
 * GitHub on this machine: the results service and blob store that hold artifacts, and the part of the REST API that the
 * action uses. It speaks to the real client libraries and remembers everything.
 */
import { createHash } from 'node:crypto'
import { LoopbackRuns } from './loopback-runs.ts'
import { notFound, pageOf } from './rest.ts'

interface Comment {
  id: number
  body: string
  readonly issue: number
  readonly login: string
}

interface StoredArtifact {
  readonly id: number
  readonly name: string
  readonly runId: number
  content: Uint8Array
  expired: boolean
  digest: string
  readonly contentType: string
  /** Header of the download; `''` for none. */
  disposition: string
}

interface Pull {
  readonly number: number
  /** `owner:branch`. */
  readonly head: string
  readonly sha: string
}

export interface Seen {
  readonly method: string
  readonly path: string
}

/** Answers a request instead of GitHub; null leaves it to GitHub. */
export type Intercept = (seen: Seen, request: Request) => Response | null | Promise<Response | null>

const SERVICE = '/twirp/github.actions.results.api.v1.ArtifactService/'

export class LoopbackGitHub {
  readonly comments: Comment[] = []
  readonly artifacts: StoredArtifact[] = []
  readonly pulls: Pull[] = []
  readonly runs = new LoopbackRuns()
  readonly requests: Seen[] = []
  /** Who the token belongs to. */
  login = 'github-actions[bot]'
  intercept: Intercept = () => null
  /** Of the present job. */
  runId = 1
  #nextId = 1000
  readonly #blocks = new Map<string, Uint8Array>()
  readonly #server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request) => this.#answer(request),
  })

  get url(): string {
    return `http://127.0.0.1:${this.#server.port}`
  }

  async stop(): Promise<void> {
    await this.#server.stop(true)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** How many requests were made whose method and path are these. */
  count(method: string, path: RegExp): number {
    return this.requests.filter((seen) => seen.method === method && path.test(seen.path)).length
  }

  addArtifact(
    name: string,
    content: Uint8Array,
    { runId = this.runId, contentType = 'application/zip', expired = false } = {},
  ) {
    const artifact: StoredArtifact = {
      id: this.#nextId++,
      name,
      runId,
      content,
      expired,
      digest: digestOf(content),
      contentType,
      disposition: '',
    }
    this.artifacts.push(artifact)
    return artifact
  }

  addComment(issue: number, body: string, login = this.login): Comment {
    const comment = { id: this.#nextId++, body, issue, login }
    this.comments.push(comment)
    return comment
  }

  commentsOn(issue: number): Comment[] {
    return this.comments.filter((comment) => comment.issue === issue)
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const seen = { method: request.method, path: pathname }
    this.requests.push(seen)
    const intercepted = await this.intercept(seen, request)
    if (intercepted !== null) return intercepted
    if (pathname.startsWith(SERVICE)) {
      return this.#serve(pathname.slice(SERVICE.length), (await request.json()) as Record<string, string>)
    }
    if (pathname.startsWith('/account/container/')) return this.#store(pathname, searchParams, request)
    const [, owner, repo, rest = ''] = /^\/repos\/([^/]+)\/([^/]+)\/(.*)$/.exec(pathname) ?? []
    if (owner === undefined || repo === undefined) return notFound()
    return this.#rest(request, rest, searchParams)
  }

  #serve(method: string, body: Record<string, string>): Response {
    if (method === 'CreateArtifact') {
      const id = this.#nextId++
      if (this.artifacts.some(({ name, runId }) => name === body.name && runId === this.runId)) {
        return Response.json(
          { code: 'already_exists', msg: 'an artifact with this name already exists' },
          { status: 409 },
        )
      }
      this.artifacts.push({
        id,
        name: body.name,
        runId: this.runId,
        content: new Uint8Array(),
        expired: false,
        digest: '',
        contentType: 'application/zip',
        disposition: '',
      })
      return Response.json({ ok: true, signed_upload_url: `${this.url}/account/container/${id}?sig=upload-${id}` })
    }
    if (method === 'FinalizeArtifact') {
      const artifact = this.artifacts.findLast(({ name }) => name === body.name)
      if (artifact === undefined || artifact.content.length !== Number(body.size)) return notFound()
      return Response.json({ ok: true, artifact_id: String(artifact.id) })
    }
    const own = this.artifacts.filter(({ runId }) => runId === this.runId)
    if (method === 'ListArtifacts') {
      const listed = own.filter(({ id }) => body.id_filter === undefined || String(id) === body.id_filter)
      return Response.json({
        artifacts: listed.map(({ id, name, content, digest }) => ({
          workflow_run_backend_id: 'run',
          workflow_job_run_backend_id: 'job',
          database_id: String(id),
          name,
          size: String(content.length),
          created_at: '2026-01-01T00:00:00Z',
          digest,
        })),
      })
    }
    if (method === 'GetSignedArtifactURL') {
      const artifact = own.findLast(({ name }) => name === body.name)
      return artifact === undefined ? notFound() : Response.json({ signed_url: this.#signedUrl(artifact) })
    }
    return notFound()
  }

  #signedUrl({ id }: StoredArtifact): string {
    return `${this.url}/account/container/${id}?sig=download-${id}`
  }

  async #store(pathname: string, query: URLSearchParams, request: Request): Promise<Response> {
    const id = pathname.split('/').at(-1) ?? ''
    const artifact = this.artifacts.find((candidate) => String(candidate.id) === id)
    if (artifact === undefined) return notFound()
    if (request.method === 'GET') {
      const { content, contentType, disposition } = artifact
      const named = disposition === '' ? {} : { 'content-disposition': disposition }
      return new Response(content, { headers: { 'content-type': contentType, ...named } })
    }
    const content = new Uint8Array(await request.arrayBuffer())
    if (query.get('comp') === 'block') this.#blocks.set(`${id}:${query.get('blockid')}`, content)
    else if (query.get('comp') === 'blocklist') {
      const ids = [...new TextDecoder().decode(content).matchAll(/<Latest>([^<]*)<\/Latest>/g)].map(
        ([, block]) => block,
      )
      const parts = ids.map((block) => this.#blocks.get(`${id}:${block}`) ?? new Uint8Array())
      artifact.content = new Uint8Array(Buffer.concat(parts))
    } else artifact.content = content
    artifact.digest = digestOf(artifact.content)
    const headers = { etag: '"1"', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT', 'x-ms-request-id': '1' }
    return new Response(null, { status: 201, headers })
  }

  async #rest(request: Request, rest: string, query: URLSearchParams): Promise<Response> {
    const route = `${request.method} ${rest}`
    const [, runId] = /^GET actions\/runs\/(\d+)\/artifacts$/.exec(route) ?? []
    if (runId !== undefined) {
      const all = this.artifacts.filter((artifact) => artifact.runId === Number(runId))
      const artifacts = pageOf(all, query).map(({ id, name, content, expired, digest }) => ({
        id,
        name,
        size_in_bytes: content.length,
        expired,
        digest,
      }))
      return Response.json({ total_count: all.length, artifacts })
    }
    const told = this.runs.answer(route, query)
    if (told !== null) return told
    const [, artifactId] = /^GET actions\/artifacts\/(\d+)\/zip$/.exec(route) ?? []
    if (artifactId !== undefined) {
      const artifact = this.artifacts.find(({ id }) => id === Number(artifactId))
      if (artifact === undefined) return notFound()
      if (artifact.expired) return Response.json({ message: 'Artifact has expired' }, { status: 410 })
      return new Response(null, { status: 302, headers: { location: this.#signedUrl(artifact) } })
    }
    const [, issue] = /^\w+ issues\/(\d+)\/comments$/.exec(route) ?? []
    if (issue !== undefined && request.method === 'GET') {
      return Response.json(pageOf(this.commentsOn(Number(issue)), query).map((comment) => this.#show(comment)))
    }
    if (issue !== undefined && request.method === 'POST') {
      const body = await readBody(request)
      if (body === null)
        return Response.json({ message: 'Body is too long (maximum is 65536 characters)' }, { status: 422 })
      return Response.json(this.#show(this.addComment(Number(issue), body)), { status: 201 })
    }
    const [, commentId] = /^\w+ issues\/comments\/(\d+)$/.exec(route) ?? []
    if (commentId !== undefined) {
      const index = this.comments.findIndex(({ id }) => id === Number(commentId))
      if (index < 0) return notFound()
      if (request.method === 'DELETE') {
        this.comments.splice(index, 1)
        return new Response(null, { status: 204 })
      }
      const body = await readBody(request)
      if (body === null)
        return Response.json({ message: 'Body is too long (maximum is 65536 characters)' }, { status: 422 })
      this.comments[index].body = body
      return Response.json(this.#show(this.comments[index]))
    }
    if (route === 'GET pulls') {
      const pulls = this.pulls.filter(({ head }) => head === query.get('head'))
      return Response.json(pageOf(pulls, query).map(({ number, sha }) => ({ number, head: { sha } })))
    }
    return notFound()
  }

  #show({ id, body, issue, login }: Comment) {
    return { id, body, user: { login }, html_url: `https://github.com/octo/shop/pull/${issue}#issuecomment-${id}` }
  }
}

async function readBody(request: Request): Promise<string | null> {
  const { body } = (await request.json()) as { body: string }
  return body.length > 65_536 ? null : body
}

function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}
