import { PAYLOAD } from '../../types.ts'
import { CONTENT, kindOfContent } from '../content-kinds.ts'
import { judgePayload, LONGEST_BODY, parseFlag } from '../payload.ts'
import { createSchemaFinder } from '../schemas.ts'
import { type Cells, cellValue } from './cells.ts'
import type { PlainFields, PlainPlan } from './plan.ts'
import type { Texts } from './texts.ts'

/** Instead of a verdict or a value: the record is for somebody else. */
export const NOT_PLAIN = -1
/** The verdict on an answer of which the record tells nothing. */
export const NOTHING_KNOWN = PAYLOAD.unknown * 16 + CONTENT.unknown
/** Numbers of texts below this make up the key of a verdict, three of them an exact integer. */
const KEY_PART = 2 ** 17

/** Whether anything tells of the answers. */
export function tellsOfAnswers({ fields, schemas }: PlainPlan): boolean {
  const tellers = [fields.payload, fields.error, fields.grpcStatus, fields.body, fields.contentType]
  return schemas.length > 0 || tellers.some((columns) => columns.length > 0)
}

/** Judges 2xx answers as `RecordReader` does, as far as they did not fail. */
export class PlainAnswers {
  readonly #cells: Cells
  readonly #of: PlainFields
  readonly #hasSchema: (endpoint: string) => boolean
  /** By the number of an endpoint: 1 no, 2 yes. */
  #judgedBySchema: number[] = []
  /** What is known of an answer without body and error, by the numbers of its texts. */
  readonly #verdicts = new Map<number, number>()
  /** The same of answers that only have a flag, by its number: a Map takes its time for each of their rows. */
  #verdictsOfFlags: (number | undefined)[] = []
  /** Whether there is a column for anything but a flag. */
  readonly #hasMore: boolean

  constructor(plan: PlainPlan, cells: Cells) {
    this.#cells = cells
    this.#of = plan.fields
    const { error, body, grpcStatus, contentType } = plan.fields
    this.#hasMore = [error, body, grpcStatus, contentType].some((columns) => columns.length > 0)
    const findSchema = createSchemaFinder(new Map(plan.schemas.map((endpoint) => [endpoint, () => null])))
    this.#hasSchema = plan.schemas.length === 0 ? () => false : (endpoint) => findSchema(endpoint) !== undefined
  }

  /** Says that texts and endpoints are numbered anew. */
  forget(): void {
    this.#judgedBySchema = []
    this.#verdicts.clear()
    this.#verdictsOfFlags = []
  }

  /**
   * Judges the answer of the record whose cells are set.
   *
   * @param endpoint its number, and `names` those of all
   * @returns a value of PAYLOAD × 16 + one of CONTENT; NOT_PLAIN for an answer that failed, is in HTML or too long, or
   *   is held against a schema
   */
  judge(bytes: Uint8Array, texts: Texts, endpoint: number, names: readonly string[]): number {
    if (this.#isJudgedBySchema(endpoint, names)) return NOT_PLAIN
    const of = this.#of
    const cells = this.#cells
    const flag = cells.firstOf(of.payload)
    if (!this.#hasMore) return this.#judgeFlag(bytes, texts, flag)
    const error = cells.firstOf(of.error)
    const body = cells.firstOf(of.body)
    const grpcStatus = texts.findFirst(bytes, cells, of.grpcStatus)
    const contentType = texts.findFirst(bytes, cells, of.contentType)
    const flagText = flag < 0 ? 0 : texts.find(bytes, cells.view, cells.kind[flag], cells.start[flag], cells.end[flag])
    const isCommon = error < 0 && body < 0
    // Flags are told apart by their texts: those that stand for nothing are not remembered.
    const isRemembered =
      isCommon && (flag < 0 || flagText > 0) && flagText < KEY_PART && grpcStatus < KEY_PART && contentType < KEY_PART
    const key = (flagText * KEY_PART + grpcStatus) * KEY_PART + contentType
    let verdict = isRemembered ? this.#verdicts.get(key) : undefined
    if (verdict === undefined) {
      verdict = this.#judge(bytes, flag, error, body, texts.values[grpcStatus], texts.values[contentType])
      if (isRemembered) this.#verdicts.set(key, verdict)
    }
    return verdict
  }

  /** Judges an answer of which there is a flag at most. */
  #judgeFlag(bytes: Uint8Array, texts: Texts, flag: number): number {
    const { view, kind, start, end } = this.#cells
    const text = flag < 0 ? 0 : texts.find(bytes, view, kind[flag], start[flag], end[flag])
    // Flags are told apart by their texts: those that stand for nothing are not remembered.
    if (flag >= 0 && text === 0) return this.#judge(bytes, flag, -1, -1, '', '')
    let verdict = this.#verdictsOfFlags[text]
    if (verdict === undefined) {
      verdict = this.#judge(bytes, flag, -1, -1, '', '')
      this.#verdictsOfFlags[text] = verdict
    }
    return verdict
  }

  #judge(
    bytes: Uint8Array,
    flagSlot: number,
    errorSlot: number,
    bodySlot: number,
    grpcStatus: string,
    contentType: string,
  ): number {
    const body = this.#valueAt(bytes, bodySlot)
    if (typeof body === 'string' && body.length > LONGEST_BODY) return NOT_PLAIN
    const kind = kindOfContent(contentType, body)
    const { payload, value } = judgePayload({
      flag: parseFlag(this.#valueAt(bytes, flagSlot)),
      flagName: '',
      error: this.#valueAt(bytes, errorSlot),
      errorName: '',
      grpcStatus,
      contentType,
      body,
      schema: undefined,
    })
    // The form of a JSON body is told where its values are.
    if (typeof value === 'object' && value !== null) return NOT_PLAIN
    return payload === PAYLOAD.invalid || kind === CONTENT.html ? NOT_PLAIN : payload * 16 + kind
  }

  #valueAt(bytes: Uint8Array, slot: number): unknown {
    const { kind, start, end } = this.#cells
    return slot < 0 ? undefined : cellValue(bytes, kind[slot], start[slot], end[slot])
  }

  #isJudgedBySchema(endpoint: number, names: readonly string[]): boolean {
    const known = this.#judgedBySchema[endpoint]
    if (known !== undefined) return known === 2
    const isJudged = this.#hasSchema(names[endpoint])
    this.#judgedBySchema[endpoint] = isJudged ? 2 : 1
    return isJudged
  }
}
