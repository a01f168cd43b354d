/** action.yml, the examples and our own workflow, by GitHub's validator, which knows node24 and needs no network. */
import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validate } from '@actions/languageservice'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { parse } from 'yaml'

const ROOT = join(import.meta.dir, '..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const action = parse(read('action.yml'))

/** The validator remembers what it parsed by address, so each check has one of its own. */
let checks = 0

/** What is wrong with a document, a line each. Actions of others are not looked up. */
async function findFaults(path: string, text: string): Promise<string[]> {
  const found = await validate(TextDocument.create(`file:///${checks++}/${path}`, 'yaml', 1, text), {
    actionsMetadataProvider: {
      fetchActionMetadata: async ({ owner, name }) =>
        `${owner}/${name}` === 'OWNER/api-anomaly' ? action : { name, description: 'not looked at' },
    },
  })
  return found.map(({ range, message }) => `${path}:${range.start.line + 1} ${JSON.stringify(message)}`)
}

const EXAMPLES = readdirSync(join(ROOT, 'examples')).map((name) => `examples/${name}`)
const WORKFLOWS = [...EXAMPLES, '.github/workflows/ci.yml']

describe('workflows', () => {
  test.each(['action.yml', ...WORKFLOWS])('%s is valid', async (path) => {
    const place = path === 'action.yml' ? path : `.github/workflows/${path.split('/').at(-1)}`
    expect(await findFaults(place, read(path))).toEqual([])
  })

  test('there is one for each situation', () => {
    expect(EXAMPLES.map((path) => path.replace(/^.*\/(.*)\.yml$/, '$1')).toSorted()).toEqual(
      [
        'basic',
        'compared-with-main',
        'fork-safe-analyse',
        'fork-safe-comment',
        'jmeter',
        'k6',
        'matrix',
        'nightly',
      ].toSorted(),
    )
  })

  test('use our action, grant no more than they need, and never run a fork with a token that may write', () => {
    for (const path of EXAMPLES) {
      const workflow = parse(read(path))
      expect(read(path)).toContain('uses: OWNER/api-anomaly@v1')
      expect(Object.keys(workflow.permissions).length).toBeGreaterThan(0)
      expect(JSON.stringify(workflow.on)).not.toContain('pull_request_target')
      if ('workflow_run' in Object(workflow.on)) expect(read(path)).not.toContain('actions/checkout')
    }
  })

  test('the validator sees a wrong input and a wrong key', async () => {
    const example = read('examples/basic.yml')
    expect((await findFaults('.github/workflows/a.yml', example.replace('logs: ', 'log: '))).join()).toContain('log')
    expect((await findFaults('.github/workflows/a.yml', example.replace('jobs:', 'job:'))).length).toBeGreaterThan(0)
    expect((await findFaults('action.yml', read('action.yml').replace('main: ', 'mian: '))).length).toBeGreaterThan(0)
    expect(action.runs.using).toBe('node24')
  })
})
