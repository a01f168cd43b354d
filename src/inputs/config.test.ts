import { describe, expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { parseConfig } from './config.ts'

const parse = (text: string) => {
  const faults: string[] = []
  const config = parseConfig({ path: 'a.yml', text }, faults)
  return { config, faults }
}

const EVERYTHING = `# every key
window: 5m
timezone: Europe/Berlin
format: csv
logFormat: '$remote_addr - [$time_local] "$request" $status'
map:
  status: http_code
  duration: took_ms
openapi: api.yaml
payloadSchemas:
  "POST /v2/checkout": schemas/checkout.json
dimensions: [region, endpoint]
sensitivity: high
minimum: { requests: 10, share: 0.02, traffic: 0.3, latency: 1.5 }
objectives:
  errorShare: 0.01
  silentShare: 0
  p95Ms:
    GET /v2/orders: 300
ignore:
  - fingerprint: 3f2a9c
    reason: known, ticket 12
    until: 2026-12-31
  - category: error_spike
    scope: { service: legacy-*, version: 1.10 }
redact: off
`

describe('parseConfig', () => {
  test('reads every key', () => {
    const { config, faults } = parse(EVERYTHING)
    expect(faults).toEqual([])
    expect(config).toEqual({
      windowMs: 300_000,
      timezone: 'Europe/Berlin',
      format: 'csv',
      logFormat: '$remote_addr - [$time_local] "$request" $status',
      map: new Map([
        ['status', 'http_code'],
        ['duration', 'took_ms'],
      ]),
      openapi: 'api.yaml',
      payloadSchemas: new Map([['POST /v2/checkout', 'schemas/checkout.json']]),
      dimensions: ['endpoint', 'region'],
      sensitivity: 'high',
      minimum: { requests: 10, share: 0.02, traffic: 0.3, latency: 1.5 },
      objectives: { errorShare: 0.01, silentShare: 0, p95Ms: new Map([['GET /v2/orders', 300]]) },
      ignore: [
        {
          fingerprint: '3f2a9c',
          category: null,
          scope: {},
          reason: 'known, ticket 12',
          until: Date.UTC(2027, 0, 1) - 1,
          verdict: 'expected',
        },
        {
          fingerprint: null,
          category: 'error_spike',
          scope: { service: 'legacy-*', version: '1.10' },
          reason: '',
          until: Number.NaN,
          verdict: 'expected',
        },
      ],
      redact: false,
    })
  })

  test.each(['', '# nothing\n', '---\n', 'window:\nmap:\nignore:\nredact: ~\n', '{}', '\ufeff# with a BOM\n'])(
    'takes %j for no settings',
    (text) => {
      const { config, faults } = parse(text)
      expect(faults).toEqual([])
      expect(config).toMatchObject({ windowMs: undefined, minimum: {}, objectives: {}, ignore: [], redact: undefined })
    },
  )

  test.each([
    ['redact: on', true],
    ['redact: "off"', false],
    ['redact: true', true],
    ['%YAML 1.1\n---\nredact: off', false],
  ])('takes %j for a switch', (text, redact) => {
    expect(parse(text)).toMatchObject({ config: { redact }, faults: [] })
  })

  test('takes an unquoted date under YAML 1.1 and JSON too', () => {
    const entry = { fingerprint: '12', until: Date.UTC(2026, 11, 31) - 1 }
    expect(parse('%YAML 1.1\n---\nignore: [{fingerprint: 12, until: 2026-12-30}]').config.ignore).toMatchObject([entry])
    expect(parse('{"ignore": [{"fingerprint": "12", "until": "2026-12-30"}]}').config.ignore).toMatchObject([entry])
  })

  test('tells every fault with its line', () => {
    const { faults } = parse(`window: fast
sensitivty: high
timezone: Mars/Olympus
dimensions: [region, zone]
minimum:
  share: 5%
  size: 1
objectives: 0.1
map: [a, b]
ignore:
  - category: error_spikes
    scope: { zone: a }
  - reason: no target
  - fingerprint: a
    category: outlier
    until: soon
    verdict: false_alarm
redact: maybe
widow:
payloadSchemas: { "GET /": [a] }
`)
    expect(faults).toEqual([
      "a.yml:2: 'sensitivty' is not a key; the keys are window, timezone, format, logFormat, map, openapi, payloadSchemas, dimensions, sensitivity, minimum, objectives, ignore, redact",
      "a.yml:19: 'widow' is not a key; the keys are window, timezone, format, logFormat, map, openapi, payloadSchemas, dimensions, sensitivity, minimum, objectives, ignore, redact",
      "a.yml:1: 'window' must be like 30s, 5m, 1h or 1d, from 1s to 1d, got 'fast'",
      "a.yml:3: 'timezone' must be an IANA time zone like UTC or Europe/Berlin, got 'Mars/Olympus'",
      "a.yml:9: 'map' must be a map like {status: http_code}, got a list",
      "a.yml:20: 'payloadSchemas.GET /' must be the path of a file, got a list",
      "a.yml:4: 'dimensions[1]' must be one of service, endpoint, region, environment, version, got 'zone'",
      "a.yml:7: 'minimum.size' is not a key; the keys are requests, share, traffic, latency",
      "a.yml:6: 'minimum.share' must be a number from 0 to 1, got '5%'",
      "a.yml:8: 'objectives' must be a map with the keys errorShare, silentShare, p95Ms, got '0.1'",
      "a.yml:11: 'ignore[0].category' must be one of silent_failure, error_spike, traffic_drop, traffic_surge, latency_surge, outlier, got 'error_spikes'",
      "a.yml:12: 'ignore[0].scope.zone' is not a key; the keys are service, endpoint, region, environment, version",
      "a.yml:13: 'ignore[1]' must be an entry with either a fingerprint, or a category and a scope, got a map",
      "a.yml:14: 'ignore[2]' must be an entry with either a fingerprint, or a category and a scope, got a map",
      "a.yml:16: 'ignore[2].until' must be a day like 2026-12-31, got 'soon'",
      "a.yml:17: 'ignore[2].verdict' must be one of expected, false alarm, new normal, got 'false_alarm'",
      "a.yml:18: 'redact' must be on or off, got 'maybe'",
    ])
  })

  test.each([
    ['window: 5m\nwindow: 1h\n', 'a.yml:2: '],
    ['minimum: {share: 0.1', 'a.yml:1: '],
    ['- window: 5m', 'a.yml:1: the file must be a map with the keys window, '],
    ['just words', 'a.yml:1: the file must be a map with the keys'],
    ['map: &a {status: b}\nminimum: *a', "a.yml:2: must not use YAML aliases, got '*a'"],
    ['window: 5m\n---\nwindow: 1h', 'a.yml:2: '],
    ['window: !secret 5m', 'a.yml:1: '],
    ['<<: {window: 5m}', "a.yml:1: '<<' is not a key"],
    ['[a, b]: c', 'a.yml:1: a key must be a word, got a list'],
    [`window: ${'x'.repeat(200_000)}`, 'a.yml must have at most 100000 characters, got 200008'],
  ])('refuses %j', (text, fault) => {
    const { faults } = parse(text)
    expect(faults[0]).toStartWith(fault)
  })

  test('does not unfold aliases of aliases', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}, *a${i - 1}`}]`)
    expect(parse(lines.join('\n')).faults[0]).toContain('must not use YAML aliases')
  })

  test('survives any damage to a good file, and never blames one that is not damaged', () => {
    const random = createRandom(7)
    const pieces = [
      '\n',
      ' ',
      ':',
      '{',
      '}',
      '[',
      ']',
      '- ',
      '"',
      "'",
      '*',
      '&',
      '!',
      '|',
      '%',
      '\t',
      '\0',
      '💥',
      '0',
      'x',
    ]
    for (let round = 0; round < 400; round++) {
      let text = EVERYTHING
      for (let cuts = 1 + Math.floor(random() * 4); cuts > 0; cuts--) {
        const at = Math.floor(random() * text.length)
        text =
          text.slice(0, at) + pieces[Math.floor(random() * pieces.length)] + text.slice(at + Math.floor(random() * 8))
      }
      const { faults } = parse(text)
      for (const fault of faults) expect(fault).toMatch(/^a\.yml:\d+: .{10,400}$/)
    }
    expect(parse(EVERYTHING).faults).toEqual([])
  })
})
