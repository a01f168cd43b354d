import type { Format } from './format.ts'
import { access } from './formats/access.ts'
import { alb } from './formats/alb.ts'
import { csv } from './formats/csv.ts'
import { envoy } from './formats/envoy.ts'
import { haproxy } from './formats/haproxy.ts'
import { har } from './formats/har.ts'
import { jsonArray } from './formats/json-array.ts'
import { jtl } from './formats/jtl.ts'
import { jtlXml } from './formats/jtl-xml.ts'
import { k6Csv } from './formats/k6-csv.ts'
import { k6Json } from './formats/k6-json.ts'
import { logfmt } from './formats/logfmt.ts'
import { ndjson } from './formats/ndjson.ts'
import { otlp } from './formats/otlp.ts'
import { parquet } from './formats/parquet.ts'
import { squid } from './formats/squid.ts'
import { w3c } from './formats/w3c.ts'

/** Every format that can be read. The surest one reads a file; of equally sure ones the first. */
export const FORMATS: readonly Format[] = [
  jtl,
  jtlXml,
  k6Json,
  k6Csv,
  har,
  otlp,
  parquet,
  ndjson,
  jsonArray,
  access,
  w3c,
  alb,
  haproxy,
  envoy,
  squid,
  logfmt,
  csv,
]
