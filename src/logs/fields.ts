import { parseUnit, type TimeUnit } from './duration.ts'
import { InputError } from './input-error.ts'

/** Our names for what a log can tell of a request, as in `--map ours=theirs`. */
export const FIELDS = [
  'time',
  'status',
  'duration',
  'bytes',
  'service',
  'method',
  'endpoint',
  'region',
  'environment',
  'version',
  'payload',
  'body',
  'error',
  'grpcStatus',
  'contentType',
] as const
export type Field = (typeof FIELDS)[number]

/**
 * Names by which logs call our fields, best first, in lower case and without `-`, `_`, `.`, `@` and blanks. Among them
 * are those of ECS (https://www.elastic.co/docs/reference/ecs) and OpenTelemetry's HTTP conventions
 * (https://opentelemetry.io/docs/specs/semconv/http/).
 */
const NAMES: Readonly<Record<Field, string>> = {
  time: `timestamp time ts datetime eventtime logtime starttime startedat starteddatetime timeiso8601 timelocal
    timestampms timestampus timestampns timeunixnano starttimeunixnano unixtime unixtimestamp epoch epochms msec
    requesttimestamp createdat receivedat occurredat edgestarttimestamp date t`,
  status: `httpresponsestatuscode httpstatuscode statuscode httpstatus responsestatuscode resstatuscode responsecode
    httpcode httpresponsestatus responsestatus resstatus edgeresponsestatus returncode status code rc`,
  duration: '',
  bytes: `httpresponsebodybytes httpresponsebodysize httpresponsebytes bodybytessent bytessent responsebytes
    responsesize responselength responsebodysize rescontentlength resbodysize contentlength httpresponsecontentlength
    edgeresponsebytes bytesout sizebytes bytes size`,
  service: `servicename service svc application applicationname appname app microservice component backend backendname vhost`,
  method: `httprequestmethod httpmethod requestmethod reqmethod clientrequestmethod method verb httpverb`,
  endpoint: `httproute route endpoint requestpath reqpath urlpath httptarget path requesturi clientrequesturi requesturl
    urloriginal urlfull httpurl requrl uri url requestline request resourcepath operationname operation resource label`,
  region: `cloudregion awsregion regionname region datacenter datacentre dc location pop edgecolocode
    cloudavailabilityzone availabilityzone zone az site`,
  environment: `deploymentenvironmentname deploymentenvironment serviceenvironment environmentname environment
    envname env stage`,
  version: `serviceversion appversion applicationversion releaseversion version releasename release deployversion
    build buildnumber buildid`,
  payload: `payloadvalid validpayload responsevalid schemavalid bodyvalid bodyok payloadok contentvalid contentok
    assertionspassed checkspassed checkpassed isvalid valid success issuccess`,
  body: `httpresponsebodycontent httpresponsebody responsebody resbody responsepayload responsedata body response payload`,
  error: 'error errors err exception errormessage',
  grpcStatus: 'rpcgrpcstatuscode grpcstatuscode grpcstatus grpccode',
  contentType: `httpresponseheaderscontenttype httpresponsemimetype responsecontenttype responseheaderscontenttype
    rescontenttype resheaderscontenttype contenttype mimetype`,
}

/** Names of durations whose unit the name tells by convention. */
const DURATIONS_WITH_UNIT: Readonly<Record<string, TimeUnit>> = {
  eventduration: 'ns',
  httpserverrequestduration: 's',
  httpserverduration: 'ms',
}

/** Names of durations without a unit, which a suffix (`_ms`, `Seconds`) may follow. */
const DURATIONS = new Set(
  `responsetime requestduration requesttime responseduration responselatency requestlatency duration latency elapsed
  elapsedtime took processingtime servetime servicetime handlingtime timetaken totaltime executiontime runtime resptime
  dur rt`.split(/\s+/),
)

/** Names whose value is kept whole when it is an object: an answer's body, an error. */
const WHOLE = new Set('body responsebody resbody responsedata error errors err exception errormessage'.split(' '))

/** Wrappers around the fields of a nested record; `fields.region` is `region`. */
const WRAPPERS = new Set(
  `http request req response res attributes fields data event log context labels tags json message source payload
  properties resource jsonpayload httprequest`.split(/\s+/),
)
/** Names too common to be trusted below a wrapper. */
const TOO_COMMON = new Set('code rc t site az zone'.split(' '))
/** What a part about the request tells of the answer: nothing. */
const OF_THE_ANSWER = new Set<Field>(['status', 'bytes', 'payload', 'body', 'error', 'contentType', 'version'])
/** Names that hold HTTP statuses in one log and a program's own codes in the next. */
const VAGUE_STATUS = new Set(['code', 'rc', 'returncode'])
/** Ranks from here on are of names that stand below a wrapper. */
export const RANK_OF_WRAPPED = 1_000

const RANKS = new Map<Field, ReadonlyMap<string, number>>(
  FIELDS.filter((field) => field !== 'duration').map((field) => [
    field,
    new Map(NAMES[field].split(/\s+/).map((name, rank) => [name, rank])),
  ]),
)

function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_.@\s]/g, '')
}

export interface Recognised {
  readonly field: Field
  /** Lower is better. */
  readonly rank: number
  /** Undefined for anything but a duration whose name tells its unit. */
  readonly unit: TimeUnit | undefined
  /** Of a status: whether the name may as well be one of a program's own codes. */
  readonly isVague: boolean
}

/** Whether a nested value of this name is one value, not a group of fields. */
export function isWhole(name: string): boolean {
  return WHOLE.has(normalise(name))
}

/** Our field that a column's name stands for, null for none. Nested names are joined by dots. */
export function recogniseField(name: string): Recognised | null {
  const whole = recogniseName(normalise(name))
  if (whole !== null) return whole
  const segments = name.split('.')
  // What is left behind the wrappers may itself be a known name, such as http.response.status_code.
  for (let cut = 1; cut < segments.length && WRAPPERS.has(normalise(segments[cut - 1])); cut++) {
    const innerName = normalise(segments.slice(cut).join('.'))
    const inner = TOO_COMMON.has(innerName) ? null : recogniseName(innerName)
    if (inner === null) continue
    const isOfRequest = segments.slice(0, cut).some((segment) => /^(?:http|req|request)$/.test(normalise(segment)))
    return isOfRequest && OF_THE_ANSWER.has(inner.field) ? null : { ...inner, rank: inner.rank + RANK_OF_WRAPPED }
  }
  return null
}

function recogniseName(name: string): Recognised | null {
  if (Object.hasOwn(DURATIONS_WITH_UNIT, name))
    return { field: 'duration', rank: 0, unit: DURATIONS_WITH_UNIT[name], isVague: false }
  for (let cut = name.length; cut > 1; cut--) {
    if (!DURATIONS.has(name.slice(0, cut))) continue
    const suffix = name.slice(cut).replace(/^in(?=.)/, '')
    const unit = parseUnit(suffix)
    if (suffix === '' || unit !== undefined)
      return { field: 'duration', rank: unit === undefined ? 2 : 1, unit, isVague: false }
  }
  for (const [field, ranks] of RANKS) {
    const rank = ranks.get(name)
    if (rank !== undefined) return { field, rank, unit: undefined, isVague: VAGUE_STATUS.has(name) }
  }
  return null
}

/**
 * Checks the user's `--map`.
 *
 * @throws InputError when a name of ours does not exist
 */
export function parseFieldMap(map: Readonly<Record<string, string>>): ReadonlyMap<Field, string> {
  const parsed = new Map<Field, string>()
  for (const [ours, theirs] of Object.entries(map)) {
    const field = FIELDS.find((name) => name === ours)
    if (field === undefined) {
      throw new InputError(`'--map ${ours}=${theirs}': the name before '=' must be one of ${FIELDS.join(', ')}`)
    }
    parsed.set(field, theirs)
  }
  return parsed
}
