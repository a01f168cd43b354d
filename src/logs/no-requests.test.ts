import { expect, test } from 'bun:test'
import { explainNoRequests } from './no-requests.ts'
import { readLogs } from './read.ts'
import { sourceOf } from './rows-fixture.ts'

test.each([
  ['a k6 summary', '{\n  "metrics": {\n    "http_reqs": { "count": 1, "rate": 6.35 } } }', 'k6 run --out json=FILE'],
  [
    'a k6 summary of handleSummary',
    '{"root_group":{"name":""},"options":{},"state":{"testRunDurationMs":1},"metrics":{"iterations":{"type":"counter"}}}',
    'k6 run --out json=FILE',
  ],
  ["Locust's history", 'Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%\n1,2,GET,/,3,0,4\n', 'events.request'],
  [
    "Locust's statistics",
    'Type,Name,Request Count,Failure Count,Median Response Time\nGET,/,3,0,4\n',
    'events.request',
  ],
  ["older Locust's statistics", '"Method","Name","# requests","# failures"\n"GET","/",3,0\n', 'events.request'],
  [
    'an Artillery report',
    '{"aggregate":{"counters":{"http.requests":5},"rates":{}},"intermediate":[]}',
    'afterResponse',
  ],
  ["JMeter's aggregate report", 'Label,# Samples,Average,Median\nTOTAL,10,3,4\n', 'jmeter -l results.jtl'],
  [
    "JMeter's dashboard",
    '{"Total":{"transaction":"Total","sampleCount":1,"errorCount":0,"meanResTime":3}}',
    'jmeter -l',
  ],
  ['OpenTelemetry logs', '{"resourceLogs":[]}', 'not traces'],
  ['OpenTelemetry metrics', '{\n "resourceMetrics": [] }', 'not traces'],
])('%s is no log of requests, and the line says what to ask for', async (_, text, advice) => {
  expect(explainNoRequests(text)).toContain(advice)
  expect(readLogs([sourceOf('report', text)])).rejects.toThrow(advice)
})

test.each([
  '{"time":1,"status":200,"metrics":{"db":3}}\n',
  'timestamp,name,status\n1772442000,/a,200\n',
  'label,elapsed,timeStamp\na,1,1772442000000\n',
  '{"time":1,"aggregate":{"sum":1}}',
])('%s may be a log', (text) => {
  expect(explainNoRequests(text)).toBeNull()
})
