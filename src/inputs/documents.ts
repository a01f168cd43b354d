/** The files that a config names: JSON Schemas of answers, and an OpenAPI description. JSON, or YAML, which includes it. */
import type { AnySchemaObject, ErrorObject, ValidateFunction } from 'ajv'
import { parseDocument } from 'yaml'
import { quote } from './rules.ts'
import type { TextFile } from './yaml-tree.ts'

/** Says which rule of its schema a JSON value breaks; null: none. */
type PayloadCheck = (value: unknown) => string | null

const LONGEST_TEXT = 5_000_000
const DRAFTS = 'draft-07, 2019-09 or 2020-12'

/**
 * Compiles the schemas of answers.
 *
 * @param files schema file by endpoint
 * @param faults gets a line for every file that is no usable schema
 * @returns the checks by endpoint, and what of the schemas they leave out
 */
export async function compilePayloadSchemas(
  files: ReadonlyMap<string, TextFile>,
  faults: string[],
): Promise<{ checks: Map<string, PayloadCheck>; notes: string[] }> {
  const checks = new Map<string, PayloadCheck>()
  const notes: string[] = []
  for (const [endpoint, file] of files) {
    const schema = parseObject(file, 'a JSON Schema', faults)
    if (schema === undefined) continue
    try {
      const validate = await compileSchema(schema)
      checks.set(endpoint, (value) => (validate(value) ? null : describeError(validate.errors?.[0])))
      if (/\bformat["']?\s*:/.test(file.text)) {
        notes.push(`The payload schema ${file.path} was applied without its 'format' keywords.`)
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      faults.push(`${file.path}: must be a JSON Schema (${DRAFTS}) for ${quote(endpoint)}: ${reason}`)
    }
  }
  return { checks, notes }
}

/**
 * The routes of an OpenAPI description, below the paths of its servers and as they stand: a gateway may cut the former.
 *
 * @param faults gets a line when the file does not describe an API
 * @returns templates like `/v1/users/{id}`
 */
export function parseOpenapiRoutes(file: TextFile, faults: string[]): string[] {
  const document = parseObject(file, 'an OpenAPI description', faults)
  if (document === undefined) return []
  const { paths } = document
  const version = document.openapi ?? document.swagger
  if (typeof version !== 'string' || typeof paths !== 'object' || paths === null) {
    faults.push(
      `${file.path}: must be an OpenAPI description with the keys openapi and paths, got ${listKeys(document)}`,
    )
    return []
  }
  const routes = Object.keys(paths).filter((path) => path.startsWith('/'))
  const bases = new Set(['', ...findBasePaths(document)])
  return [...bases].flatMap((base) => routes.map((route) => base + route))
}

/** Paths of the servers (OpenAPI 3) or the base path (Swagger 2), without a slash at the end. */
function findBasePaths({ servers, basePath }: Record<string, unknown>): string[] {
  const urls = Array.isArray(servers) ? servers.map((server: unknown) => urlOf(server)) : [basePath]
  return urls.flatMap((url) => {
    if (typeof url !== 'string') return []
    const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/\/+$/, '')
    return path.startsWith('/') ? [path] : []
  })
}

function urlOf(server: unknown): unknown {
  return typeof server === 'object' && server !== null && 'url' in server ? server.url : undefined
}

function parseObject(file: TextFile, what: string, faults: string[]): Record<string, unknown> | undefined {
  if (file.text.length > LONGEST_TEXT) {
    faults.push(`${file.path}: must have at most ${LONGEST_TEXT} characters, got ${file.text.length}`)
    return undefined
  }
  const document = parseDocument(file.text, { prettyErrors: false })
  if (document.errors.length > 0) {
    faults.push(`${file.path}: must be ${what} in JSON or YAML: ${document.errors[0].message}`)
    return undefined
  }
  try {
    // The limit keeps aliases of aliases from growing without bound.
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    if (isObject(value)) return value
    faults.push(`${file.path}: must be ${what}, got ${Array.isArray(value) ? 'a list' : quote(String(value))}`)
  } catch (error) {
    faults.push(`${file.path}: must be ${what}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listKeys(document: Readonly<Record<string, unknown>>): string {
  return quote(Object.keys(document).slice(0, 10).join(', '))
}

/** Unknown keywords are allowed: OpenAPI tools add their own to schemas. */
const AJV_OPTIONS = { strict: false, validateFormats: false, logger: false, unicodeRegExp: true } as const

async function compileSchema(schema: AnySchemaObject): Promise<ValidateFunction> {
  const draft = String(schema.$schema ?? '')
  if (/2020-12/.test(draft)) return new (await import('ajv/dist/2020.js')).Ajv2020(AJV_OPTIONS).compile(schema)
  if (/2019-09/.test(draft)) return new (await import('ajv/dist/2019.js')).Ajv2019(AJV_OPTIONS).compile(schema)
  return new (await import('ajv')).Ajv(AJV_OPTIONS).compile(schema)
}

/** Wording of the schema only, never a value or a key of the answer: reasons are few, and hold nothing private. */
function describeError(error: ErrorObject | undefined): string {
  const message = error?.message ?? 'must be valid'
  const place = placeOf(error?.schemaPath ?? '')
  return place === '' ? message : `${place} ${message}`
}

/** `#/properties/items/items/properties/price/type` → `items[].price`. */
function placeOf(schemaPath: string): string {
  const words = schemaPath.split('/').slice(1, -1).map(decodePointer)
  let place = ''
  for (let index = 0; index < words.length; index++) {
    const word = words[index]
    if (word === 'properties') place += `${place === '' ? '' : '.'}${words[++index]}`
    else if (word === 'items') place += '[]'
    else if (word === 'prefixItems') place += `[${words[++index]}]`
    else if (word === 'additionalProperties' || word === 'patternProperties') {
      place += place === '' ? '*' : '.*'
      if (word === 'patternProperties') index++
    } else if (word === '$defs' || word === 'definitions') index++
  }
  return place
}

function decodePointer(word: string): string {
  const text = word.replaceAll('~1', '/').replaceAll('~0', '~')
  return /%[0-9a-f]{2}/i.test(text) ? decodeURIComponent(text) : text
}
