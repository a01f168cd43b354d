import { countContents, countPresent, countTypes } from '../facts.ts'
import { formatAmount, formatCount, formatName, formatShare } from '../format.ts'
import { CONTENT_WORDS, type ContentGroup, TYPE_WORDS } from '../shapes.ts'
import type { EndpointChange, EndpointFacts, FieldFacts } from '../types.ts'

/** A form that nearly all answers have, or had; what lies between is no change of the contract. */
const NEARLY_ALL = 0.9
const HARDLY_ANY = 0.1
/** Fewer answers than these have no form. */
const FEWEST_ANSWERS = 20
/** Fields that are named in one line. */
const MOST_NAMED = 5

/**
 * How the contract of an endpoint changed: of all versions together, or else of single ones.
 *
 * @param old all versions together, and `oldVersions` each
 */
export function listContractChanges(
  old: EndpointFacts,
  oldVersions: readonly EndpointFacts[],
  own: EndpointFacts,
  ownVersions: readonly EndpointFacts[],
): EndpointChange[] {
  const whole = compareContracts(old, own)
  const told = new Set(whole.map(({ kind }) => kind))
  const parts = ownVersions.flatMap((facts) => {
    if (facts.version === '' || ownVersions.length === 1) return []
    // What a version answered before is what it may be held against; a new one has only the others.
    const before = oldVersions.find(({ version }) => version === facts.version) ?? old
    return compareContracts(before, facts)
      .filter(({ kind }) => !told.has(kind))
      .map((change) => ({ ...change, text: `in version ${formatName(facts.version)}: ${change.text}` }))
  })
  return [...whole, ...parts]
}

/** Kinds of content, fields and their types that nearly all answers of an endpoint have, and hardly any had before. */
function compareContracts(old: EndpointFacts, own: EndpointFacts): EndpointChange[] {
  const { endpoint } = own
  const say = (kind: EndpointChange['kind'], texts: readonly string[]) =>
    texts.map((text) => ({ endpoint, kind, text }))
  return [...say('content', compareContents(old, own)), ...say('fields', compareFields(old, own))]
}

function compareContents(old: EndpointFacts, own: EndpointFacts): string[] {
  const [before, now] = [mainOf(groupContents(old)), mainOf(groupContents(own))]
  if (before !== null && now !== null && before !== now) {
    return [`${CONTENT_WORDS[before]} before, ${CONTENT_WORDS[now]} now`]
  }
  const [formBefore, form] = [mainOf(groupForms(old)), mainOf(groupForms(own))]
  return formBefore === null || form === null || formBefore === form ? [] : [`${formBefore} before, ${form} now`]
}

function groupContents(facts: EndpointFacts): Map<ContentGroup, number> {
  const { json, html, other } = countContents(facts)
  return new Map([
    ['json', json],
    ['html', html],
    ['other', other],
  ])
}

/** Objects, lists, and lists that are empty. */
function groupForms({ contents }: EndpointFacts): Map<string, number> {
  return new Map([
    ['an object', contents['json object'] ?? 0],
    ['a list', contents['json array'] ?? 0],
    ['an empty list', contents['empty json array'] ?? 0],
  ])
}

/** What nearly all are; null when nothing is, or there are too few to say. */
function mainOf<Name>(counts: ReadonlyMap<Name, number>): Name | null {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  if (total < FEWEST_ANSWERS) return null
  return [...counts].find(([, count]) => count >= NEARLY_ALL * total)?.[0] ?? null
}

function compareFields(old: EndpointFacts, own: EndpointFacts): string[] {
  if (old.bodies < FEWEST_ANSWERS || own.bodies < FEWEST_ANSWERS) return []
  const before = new Map(old.fields.map((field) => [field.name, field]))
  const now = new Map(own.fields.map((field) => [field.name, field]))
  const shareIn = (facts: EndpointFacts, field: FieldFacts | undefined) => presentIn(field) / facts.bodies
  const isGone = ({ name }: FieldFacts) =>
    shareIn(old, before.get(name)) >= NEARLY_ALL && shareIn(own, now.get(name)) <= HARDLY_ANY
  const isNew = ({ name }: FieldFacts) =>
    shareIn(old, before.get(name)) <= HARDLY_ANY && shareIn(own, now.get(name)) >= NEARLY_ALL

  const gone = old.fields.filter(isGone).sort(byName)
  const added = own.fields.filter(isNew).sort(byName)
  const texts: string[] = []
  if (gone.length === 1) {
    const [field] = gone
    const [had, has] = [presentIn(field), presentIn(now.get(field.name))]
    const was =
      had >= old.bodies ? `all of ${formatCount(old.bodies)}` : `${formatCount(had)} of ${formatCount(old.bodies)}`
    texts.push(
      `field ${formatName(field.name)} is gone (in ${was} answers before, in ${has === 0 ? 'hardly any' : formatCount(has)} of ${formatCount(own.bodies)} now)`,
    )
  } else if (gone.length > 1) {
    texts.push(`fields ${listNames(gone)} are gone (${formatAmount(own.bodies, 'answer')})`)
  }
  if (added.length > 0) texts.push(`new field${added.length === 1 ? '' : 's'} ${listNames(added)}`)
  const both = own.fields.filter(({ name }) => before.has(name)).sort(byName)
  const changed = both.flatMap((field) => compareField(before.get(field.name)!, field))
  return [...texts, ...changed.slice(0, MOST_NAMED)]
}

function compareField(old: FieldFacts, own: FieldFacts): string[] {
  const name = formatName(own.name)
  const [before, now] = [mainOf(countTypes(old)), mainOf(countTypes(own))]
  if (before !== null && now !== null && before !== now) {
    return [`field ${name} is ${TYPE_WORDS[now]}, was ${TYPE_WORDS[before]}`]
  }
  const [arraysBefore, arrays] = [old.types.array ?? 0, own.types.array ?? 0]
  if (arraysBefore < FEWEST_ANSWERS || arrays < FEWEST_ANSWERS) return []
  const [emptyBefore, empty] = [old.empty / arraysBefore, own.empty / arrays]
  const isEmptied = emptyBefore <= HARDLY_ANY && empty >= NEARLY_ALL
  const isFilled = emptyBefore >= NEARLY_ALL && empty <= HARDLY_ANY
  if (!isEmptied && !isFilled) return []
  return [`array ${name} is empty in ${formatShare(empty)} of answers, was in ${formatShare(emptyBefore)}`]
}

function presentIn(field: FieldFacts | undefined): number {
  return field === undefined ? 0 : countPresent(field)
}

function listNames(fields: readonly FieldFacts[]): string {
  const named = fields.slice(0, MOST_NAMED).map(({ name }) => formatName(name))
  const more = fields.length - named.length
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

const byName = (a: FieldFacts, b: FieldFacts) => (a.name < b.name ? -1 : 1)
