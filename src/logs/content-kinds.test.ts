import { describe, expect, test } from 'bun:test'
import { PAYLOAD } from '../types.ts'
import { CONTENT, kindOfContent } from './content-kinds.ts'
import { readLogs } from './read.ts'

describe('kindOfContent', () => {
  test.each<[string, unknown, number]>([
    ['application/json; charset=utf-8', undefined, CONTENT.json],
    ['application/problem+json', undefined, CONTENT.json],
    ['text/html', undefined, CONTENT.html],
    ['application/json', ' <!DOCTYPE html><html>', CONTENT.html],
    ['', '<html lang="en">', CONTENT.html],
    ['', '{"a":1}', CONTENT.json],
    ['', { a: 1 }, CONTENT.json],
    ['text/plain', '<htmlish', CONTENT.other],
    ['', undefined, CONTENT.unknown],
  ])('%s with %p', (type, body, kind) => {
    expect(kindOfContent(type, body)).toBe(kind)
  })
})

describe('HTML where JSON is normal', () => {
  const read = (lines: readonly (readonly [path: string, type: string, status?: number])[]) => {
    const text = lines
      .map(([path, type, status = 200], i) =>
        JSON.stringify({ time: 1767225600 + i, method: 'GET', path, status, contentType: type }),
      )
      .join('\n')
    return readLogs([
      {
        name: 'a.ndjson',
        async *open() {
          yield new TextEncoder().encode(text)
        },
      },
    ])
  }
  const json = Array.from({ length: 30 }, () => ['/api', 'application/json'] as const)

  test('is a silent failure, with its excerpt', async () => {
    const { table } = await read([...json, ['/api', 'text/html'], ['/api', 'text/html', 500], ['/page', 'text/html']])
    expect([...table.payload.slice(30)]).toEqual([PAYLOAD.invalid, PAYLOAD.unknown, PAYLOAD.unknown])
    expect(table.reasons[table.reason[30]]).toBe('answer is HTML where JSON is normal')
    expect([...table.excerpts.keys()]).toEqual([30])
  })

  test('is none where too little JSON was seen', async () => {
    const { table } = await read([...json.slice(0, 10), ['/api', 'text/html']])
    expect([...table.payload]).not.toContain(PAYLOAD.invalid)
    expect(table.excerpts.size).toBe(0)
  })
})
