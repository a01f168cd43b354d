/** The make-believe company whose API logs are generated: what there is, how busy it is, how it usually behaves. */
import type { Dimension } from '../types.ts'

type Mix = readonly (readonly [status: number, weight: number])[]

interface WorldEndpoint {
  readonly method: string
  /** With `{id}` where a request names a resource. */
  readonly route: string
  /** Part of its service's requests; the endpoints of a service sum to 1. */
  readonly weight: number
  /** Usual response time, and its spread: the standard deviation of the logarithm. */
  readonly medianMs: number
  readonly spreadMs: number
  /** Usual body of a 2xx, and its spread: the standard deviation of the logarithm. 0 bytes: the answer has no body. */
  readonly medianBytes: number
  readonly spreadBytes: number
  /** Statuses below 400 with weights of sum 1. */
  readonly successes: Mix
  /** Share of 4xx in multiples of the world's, and which they are, with weights of sum 1. */
  readonly clientErrorFactor: number
  readonly clientErrors: Mix
}

interface WorldService {
  readonly name: string
  /** Part of all requests; all services sum to 1. */
  readonly weight: number
  /** Before and after the deploy in the middle of the log. The deploy changes nothing else. */
  readonly versions: readonly [string, string]
  readonly endpoints: readonly WorldEndpoint[]
}

interface WorldRegion {
  readonly name: string
  /** Part of all requests; all regions sum to 1. */
  readonly weight: number
  readonly utcOffsetHours: number
  /** Local hour of the most traffic. */
  readonly peakHour: number
  /** Latency in multiples of the endpoint's median. */
  readonly latencyFactor: number
}

interface WorldEnvironment {
  readonly name: string
  /** Part of all requests; all environments sum to 1. */
  readonly weight: number
  /** Depth of the daily season: 0 none; traffic at the peak is about exp(1.6 × swing) times that of the night. */
  readonly daySwing: number
  /** Traffic of a weekend in multiples of a weekday's. */
  readonly weekend: number
  /** How much earlier (in days) than the last environment it gets a new version. */
  readonly deployLeadDays: number
}

export interface World {
  readonly services: readonly WorldService[]
  readonly regions: readonly WorldRegion[]
  readonly environments: readonly WorldEnvironment[]
  /** Share of 5xx, over-dispersed by hour, service and region. */
  readonly serverErrorShare: number
  /** Share of 4xx among what is no 5xx. */
  readonly clientErrorShare: number
  /** Share of invalid payloads among 2xx that have a body. */
  readonly silentShare: number
  /** Standard deviation of the logarithm of hourly volume about its season, for the whole, each region and each service. */
  readonly volumeSpread: number
  /** Standard deviation of the logarithm that cold caches give latency and bytes alike, wandering over hours. */
  readonly coldnessSpread: number
  /** Share of requests with a Pareto-like stall on top of the log-normal latency. */
  readonly stallShare: number
  /** Latency grows like (load of the region) to this power. */
  readonly loadExponent: number
}

/** One kind of request: an endpoint in a region, an environment and a version. */
export interface Cell extends Readonly<Record<Dimension, string>> {
  readonly traits: WorldEndpoint
  readonly latencyFactor: number
  /** Part of all requests, both versions together. */
  readonly weight: number
  readonly serviceIndex: number
  readonly regionIndex: number
  readonly environmentIndex: number
  readonly isNewVersion: boolean
}

/** Every kind of request that the world has. `endpoint` is `METHOD /route`. */
export function buildCells(world: World): readonly Cell[] {
  return world.services.flatMap((service, serviceIndex) =>
    service.endpoints.flatMap((traits) =>
      world.regions.flatMap((region, regionIndex) =>
        world.environments.flatMap((environment, environmentIndex) =>
          service.versions.map((version, versionIndex) => ({
            service: service.name,
            endpoint: `${traits.method} ${traits.route}`,
            region: region.name,
            environment: environment.name,
            version,
            traits,
            latencyFactor: region.latencyFactor,
            weight: service.weight * traits.weight * region.weight * environment.weight,
            serviceIndex,
            regionIndex,
            environmentIndex,
            isNewVersion: versionIndex === 1,
          })),
        ),
      ),
    ),
  )
}

const PAGES: Mix = [
  [200, 0.945],
  [304, 0.05],
  [301, 0.005],
]
const ANSWERS: Mix = [[200, 1]]
const CREATED: Mix = [[201, 1]]
const NO_CONTENT: Mix = [[204, 1]]
const USUAL_CLIENT_ERRORS: Mix = [
  [404, 0.5],
  [400, 0.3],
  [401, 0.1],
  [429, 0.1],
]
const LOGIN_CLIENT_ERRORS: Mix = [
  [401, 0.8],
  [400, 0.12],
  [429, 0.08],
]

type Times = readonly [medianMs: number, spreadMs: number]
type Sizes = readonly [medianBytes: number, spreadBytes: number]

function endpoint(name: string, weight: number, [medianMs, spreadMs]: Times, sizes: Sizes, successes: Mix) {
  const [method, route] = name.split(' ')
  const [medianBytes, spreadBytes] = sizes
  const usual = { clientErrorFactor: 0.9, clientErrors: USUAL_CLIENT_ERRORS }
  return { method, route, weight, medianMs, spreadMs, medianBytes, spreadBytes, successes, ...usual }
}

/** A web shop: 5 services, 14 endpoints, 5 regions, 3 environments, volumes as unequal as real ones are. */
export const WEB_SHOP: World = {
  services: [
    {
      name: 'catalog',
      weight: 0.4,
      versions: ['3.8.1', '3.9.0'],
      endpoints: [
        endpoint('GET /v1/products/{id}', 0.7, [45, 0.45], [4200, 0.4], PAGES),
        endpoint('GET /v1/products', 0.2, [60, 0.45], [6000, 0.4], PAGES),
        endpoint('GET /v1/categories', 0.1, [38, 0.4], [3600, 0.35], PAGES),
      ],
    },
    {
      name: 'search',
      weight: 0.26,
      versions: ['2.14.3', '2.15.0'],
      endpoints: [
        endpoint('GET /v1/search', 0.7, [110, 0.5], [8200, 0.45], ANSWERS),
        endpoint('GET /v1/suggestions', 0.3, [70, 0.4], [5200, 0.4], ANSWERS),
      ],
    },
    {
      name: 'accounts',
      weight: 0.18,
      versions: ['1.4.2', '1.5.0'],
      endpoints: [
        {
          ...endpoint('POST /v1/login', 0.5, [180, 0.4], [720, 0.2], ANSWERS),
          clientErrorFactor: 2,
          clientErrors: LOGIN_CLIENT_ERRORS,
        },
        endpoint('GET /v1/users/{id}', 0.38, [35, 0.45], [1100, 0.3], PAGES),
        endpoint('PATCH /v1/users/{id}', 0.12, [62, 0.45], [0, 0], NO_CONTENT),
      ],
    },
    {
      name: 'checkout',
      weight: 0.11,
      versions: ['5.2.0', '5.2.1'],
      endpoints: [
        endpoint('GET /v2/cart/{id}', 0.55, [42, 0.45], [1500, 0.4], ANSWERS),
        endpoint('POST /v2/cart/{id}/items', 0.3, [74, 0.45], [820, 0.3], CREATED),
        endpoint('POST /v2/checkout', 0.15, [420, 0.5], [1300, 0.3], CREATED),
      ],
    },
    {
      name: 'payments',
      weight: 0.05,
      versions: ['0.9.7', '1.0.0'],
      endpoints: [
        endpoint('POST /v1/payments', 0.6, [350, 0.5], [900, 0.25], CREATED),
        endpoint('GET /v1/payments/{id}', 0.3, [52, 0.45], [1000, 0.25], ANSWERS),
        endpoint('POST /v1/refunds', 0.1, [380, 0.5], [640, 0.25], CREATED),
      ],
    },
  ],
  regions: [
    { name: 'us-east-1', weight: 0.42, utcOffsetHours: -5, peakHour: 15, latencyFactor: 1 },
    { name: 'eu-west-1', weight: 0.28, utcOffsetHours: 0, peakHour: 14, latencyFactor: 1.06 },
    { name: 'ap-southeast-1', weight: 0.16, utcOffsetHours: 8, peakHour: 20, latencyFactor: 1.25 },
    { name: 'us-west-2', weight: 0.09, utcOffsetHours: -8, peakHour: 13, latencyFactor: 1.03 },
    { name: 'sa-east-1', weight: 0.05, utcOffsetHours: -3, peakHour: 19, latencyFactor: 1.4 },
  ],
  environments: [
    { name: 'production', weight: 0.86, daySwing: 1, weekend: 0.7, deployLeadDays: 0 },
    { name: 'staging', weight: 0.1, daySwing: 1.3, weekend: 0.4, deployLeadDays: 1 },
    { name: 'development', weight: 0.04, daySwing: 1.5, weekend: 0.3, deployLeadDays: 2 },
  ],
  serverErrorShare: 0.004,
  clientErrorShare: 0.025,
  silentShare: 0.0005,
  volumeSpread: 0.05,
  coldnessSpread: 0.13,
  stallShare: 0.012,
  loadExponent: 0.08,
}
