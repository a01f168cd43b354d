import type { Format } from './format.ts'
import { access } from './formats/access.ts'
import { csv } from './formats/csv.ts'
import { jsonArray } from './formats/json-array.ts'
import { jtl } from './formats/jtl.ts'
import { ndjson } from './formats/ndjson.ts'

/** Every format that can be read. The surest one reads a file; of equally sure ones the first. */
export const FORMATS: readonly Format[] = [jtl, ndjson, jsonArray, access, csv]
