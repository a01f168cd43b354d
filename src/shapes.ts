/** What an answer looks like, as one text: written by those who read logs, read by those who learn what is usual. */

export const JSON_TYPES = ['array', 'boolean', 'null', 'number', 'object', 'string'] as const
export type JsonType = (typeof JSON_TYPES)[number]

export const TYPE_WORDS: Readonly<Record<JsonType, string>> = {
  array: 'an array',
  boolean: 'a boolean',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'a string',
}

/** Kinds of content. `json` is JSON of which no more is known. */
export const CONTENT_KINDS = ['json', 'json object', 'json array', 'empty json array', 'html', 'other'] as const
export type ContentKind = (typeof CONTENT_KINDS)[number]

/** JSON of any form, pages, and the rest. */
export const CONTENT_WORDS = { json: 'JSON', html: 'HTML', other: 'neither JSON nor HTML' } as const
export type ContentGroup = keyof typeof CONTENT_WORDS

/** A top-level field of a JSON object. Its name is log text. */
export interface ShapeField {
  readonly name: string
  readonly type: JsonType
  /** An array without items. */
  readonly isEmpty: boolean
}

export interface Shape {
  readonly content: ContentKind
  /** By name; of anything but a `json object` there are none. */
  readonly fields: ReadonlyMap<string, ShapeField>
}

const EMPTY_ARRAY = 'empty array'
const NO_FIELDS: ReadonlyMap<string, ShapeField> = new Map()

/** The form of a JSON object; the order of its fields does not matter. */
export function renderObjectShape(fields: readonly ShapeField[]): string {
  const pairs = fields.map(({ name, type, isEmpty }) => [name, isEmpty ? EMPTY_ARRAY : type])
  return `json object ${JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))}`
}

/** @param text of `renderObjectShape`, or a content kind @returns null for any other text */
export function parseShape(text: string): Shape | null {
  const content = CONTENT_KINDS.find((kind) => kind === text)
  if (content !== undefined) return { content, fields: NO_FIELDS }
  if (!text.startsWith('json object [')) return null
  const pairs = JSON.parse(text.slice('json object '.length)) as [string, JsonType | typeof EMPTY_ARRAY][]
  const fields = pairs.map(([name, type]): [string, ShapeField] => {
    const isEmpty = type === EMPTY_ARRAY
    return [name, { name, type: isEmpty ? 'array' : type, isEmpty }]
  })
  return { content: 'json object', fields: new Map(fields) }
}

/** The type of a JSON value. */
export function typeOfJson(value: unknown): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  const type = typeof value
  return type === 'boolean' || type === 'number' || type === 'string' ? type : 'object'
}

/** The group of a content kind; null for what is none. */
export function groupOfContent(content: string): ContentGroup | null {
  switch (content) {
    case 'json':
    case 'json object':
    case 'json array':
    case 'empty json array':
      return 'json'
    case 'html':
    case 'other':
      return content
    default:
      return null
  }
}
