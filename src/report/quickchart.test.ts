import { expect, test } from 'bun:test'
import { buildChartLinks } from './quickchart.ts'
import { hostileReport } from './sample-hostile.ts'
import { cleanReport, sampleReport, unknownReport } from './sample-report.ts'

test('three links to the host, small enough for a browser', async () => {
  const links = await buildChartLinks(sampleReport(), 'https://charts.example.com:3400')
  expect(links.map(({ title }) => title)).toEqual(['Requests per 1 h', 'Response time in ms', 'Incidents by category'])
  for (const { url } of links) {
    expect(url).toStartWith('https://charts.example.com:3400/chart?c=')
    expect(new URL(url).searchParams.get('v')).toBe('4')
    expect(url.length).toBeLessThan(8_000)
  }
})

test('what is unknown is not linked', async () => {
  expect((await buildChartLinks(unknownReport(), 'quickchart.io')).map(({ title }) => title)).toEqual([
    'Requests per 1 h',
    'Incidents by category',
  ])
  expect((await buildChartLinks(cleanReport(), 'quickchart.io')).length).toBe(2)
})

test('no text of the log leaves', async () => {
  const links = await buildChartLinks(hostileReport(), 'quickchart.io')
  const plain = await buildChartLinks(sampleReport(), 'quickchart.io')
  expect(links).toEqual(plain)
})

test('a host that is none is an error that says so', () => {
  for (const host of ['', 'a b', 'ftp://x', 'x/y?z', 'https://u:p@x']) {
    expect(buildChartLinks(sampleReport(), host)).rejects.toThrow(`'quickchart-host' must be a host`)
  }
})
