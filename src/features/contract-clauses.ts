import { countContents, countPresent, countTypes } from '../facts.ts'
import { formatName } from '../format.ts'
import { CONTENT_WORDS, groupOfContent, type Shape, TYPE_WORDS } from '../shapes.ts'
import type { EndpointFacts, FieldFacts } from '../types.ts'

/** What must hold of an endpoint's answers, for it held of nearly all of the baseline's. */
export interface Clause {
  /** What is wrong with an answer, `''` when nothing is, null when the clause is not about such answers. */
  readonly judge: (shape: Shape) => string | null
  /** Answers of the baseline that the clause is about, and those of them that break it. */
  readonly total: number
  readonly bad: number
  /** Whether an endpoint that breaks it always has changed its contract, rather than failed. */
  readonly mayChange: boolean
}

/** Fewer answers of the baseline say nothing of what is usual. */
export const FEWEST_ANSWERS = 30
/** So few answers of the baseline may break a rule before it is none: the odd half-written record. */
const MOST_EXCEPTIONS = 0.001
/** So few of its arrays may be empty before that is no sign: a search without hits is everyday. */
const MOST_EMPTY = 0.01

/** What an endpoint's answers in the baseline promise. @param facts all versions together */
export function buildClauses(facts: EndpointFacts): Clause[] {
  const clauses = [...forbidContents(facts), ...forbidForms(facts)]
  for (const field of facts.fields) {
    clauses.push(requireField(field, facts.bodies), requireTypes(field), requireItems(field))
  }
  return clauses.filter(({ bad, total, limit }) => total >= FEWEST_ANSWERS && bad <= limit * total)
}

interface Candidate extends Clause {
  /** The largest share of bad ones with which it is a clause. */
  readonly limit: number
}

/** Kinds of content that the endpoint does not have. */
function forbidContents(facts: EndpointFacts): Candidate[] {
  const counts = countContents(facts)
  const total = counts.json + counts.html + counts.other
  return (['json', 'html', 'other'] as const).map((odd) => ({
    judge: ({ content }) => (groupOfContent(content) === odd ? `answer is ${CONTENT_WORDS[odd]}` : ''),
    total,
    bad: counts[odd],
    // A page where JSON was due is a proxy's, a login or a fallback, never a new contract.
    mayChange: !(odd === 'html' && counts.json >= (1 - MOST_EXCEPTIONS) * total),
    limit: MOST_EXCEPTIONS,
  }))
}

/** An object where a list was, or the other way round, and an empty list. */
function forbidForms({ contents }: EndpointFacts): Candidate[] {
  const { 'json object': objects = 0, 'json array': filled = 0, 'empty json array': empty = 0 } = contents
  const lists = filled + empty
  const isList = ({ content }: Shape) => content === 'json array' || content === 'empty json array'
  const isExamined = (shape: Shape) => shape.content === 'json object' || isList(shape)
  const rule = { mayChange: true, limit: MOST_EXCEPTIONS }
  return [
    {
      judge: (shape) => (isExamined(shape) ? (isList(shape) ? 'answer is a list' : '') : null),
      total: objects + lists,
      bad: lists,
      ...rule,
    },
    {
      judge: (shape) => (isExamined(shape) ? (isList(shape) ? '' : 'answer is an object') : null),
      total: objects + lists,
      bad: objects,
      ...rule,
    },
    {
      judge: (shape) => (isList(shape) ? (shape.content === 'json array' ? '' : 'answer is an empty list') : null),
      total: lists,
      bad: empty,
      ...rule,
      limit: MOST_EMPTY,
    },
  ]
}

function requireField(field: FieldFacts, bodies: number): Candidate {
  const breach = `field ${formatName(field.name)} missing`
  return {
    judge: ({ content, fields }) => (content === 'json object' ? (fields.has(field.name) ? '' : breach) : null),
    total: bodies,
    bad: Math.max(0, bodies - countPresent(field)),
    mayChange: true,
    limit: MOST_EXCEPTIONS,
  }
}

/** The types that it has in more than a few exceptions. */
function requireTypes(field: FieldFacts): Candidate {
  const total = countPresent(field)
  const odd = new Map([...countTypes(field)].filter(([, count]) => count <= MOST_EXCEPTIONS * total))
  return {
    judge: ({ fields }) => {
      const type = fields.get(field.name)?.type
      if (type === undefined) return null
      return odd.has(type) ? `field ${formatName(field.name)} is ${TYPE_WORDS[type]}` : ''
    },
    total,
    bad: [...odd.values()].reduce((sum, count) => sum + count, 0),
    mayChange: true,
    // Each odd type is an exception by itself.
    limit: MOST_EXCEPTIONS * Object.keys(TYPE_WORDS).length,
  }
}

function requireItems(field: FieldFacts): Candidate {
  const breach = `field ${formatName(field.name)} is an empty array`
  return {
    judge: ({ fields }) => {
      const own = fields.get(field.name)
      return own?.type === 'array' ? (own.isEmpty ? breach : '') : null
    },
    total: field.types.array ?? 0,
    bad: field.empty,
    mayChange: true,
    limit: MOST_EMPTY,
  }
}
