/** Whoever sends requests writes into the log. Nothing of that may become a command, a mention, a link or a formula. */
import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Papa from 'papaparse'
import { readArtifact } from './artifact-content.ts'
import { silentLog } from './logs.ts'
import { LoopbackGitHub } from './loopback-github.ts'
import { findForged } from './markdown-check.ts'
import { PULL_REQUEST, parseCommands, runStep } from './runner.ts'

const SPAWN_TIMEOUT_MS = 30_000
/** Each stands in each field once. */
const INJECTIONS = [
  '\n::error::pwned',
  '\r::add-path::/pwned',
  'x ##[add-mask]pwned',
  '@octocat and #1 and GH-2 by https://evil.example www.evil.example',
  '[x](https://evil.example) ![y](https://evil.example/z.png)',
  '<img src=https://evil.example> <script>pwned()</script> <!--',
  '` | </details> </code> | ``` ',
  '\\` \\| <b onclick=x> \u202e\u200b',
  '=HYPERLINK("https://evil.example","x")',
  '@SUM(1+9)*cmd',
  '```\n```mermaid\nclick A "https://evil.example"\n```',
  '| a | b |\n|---|---|\n# pwned\n- @octocat',
] as const
const OWN_LINKS = ['https://github.com/octo/shop/actions/runs/']
const OWN_COMMANDS = ['add-mask', 'debug', 'error', 'warning', 'notice']

describe('a log whose every field is hostile', () => {
  test.concurrent.each(INJECTIONS.map((text, index) => [JSON.stringify(text), index] as const))(
    '%s',
    async (_, index) => {
      await using github = new LoopbackGitHub()
      const injection = (offset: number): string => INJECTIONS[(index + offset) % INJECTIONS.length]
      const names = { service: injection(0), path: `/${injection(1)}`, region: injection(2) }
      const fileName = `${injection(3).replaceAll('/', '∕')}.csv`
      const result = await runStep(github, {
        files: {
          [fileName]: silentLog(names, JSON.stringify({ error: injection(4) })),
          'rejected.csv': `${injection(5)}\n`,
        },
        inputs: { logs: '*.csv', charts: 'false', config: '.github/api-anomaly.yml', 'comment-key': injection(6) },
        eventName: 'pull_request',
        event: PULL_REQUEST,
      })
      expect(result.exitCode).toBe(0)
      expect(Number(result.outputs.incidents)).toBeGreaterThan(0)

      for (const { name, data } of result.commands) {
        expect(OWN_COMMANDS).toContain(name)
        expect(data).not.toStartWith('pwned')
      }
      const masked = result.commands.filter(({ name }) => name === 'add-mask').map(({ data }) => data)
      expect(masked.filter((data) => data !== 'ghs_token' && !data.startsWith('upload-'))).toEqual([])

      const files = await readArtifact(github.artifacts[0].content)
      const [comment] = github.comments
      const nothing = { links: [], tags: [], references: [] }
      expect(findForged(comment.body, OWN_LINKS)).toEqual(nothing)
      expect(findForged(result.summary, OWN_LINKS)).toEqual(nothing)
      const ownFiles = ['master_anomalies.csv', 'incidents.json', 'anomaly-state.json', 'rejected.csv', ...OWN_LINKS]
      expect(findForged(files.get('summary.md') ?? '', ownFiles)).toEqual(nothing)
      for (const name of ['master_anomalies.csv', 'rejected.csv']) {
        const rows = Papa.parse<string[]>(files.get(name) ?? '').data
        const formulas = rows
          .flat()
          .filter((cell) => /^\s*[=+\-@＝＋－＠\t\r]/.test(cell) && Number.isNaN(Number(cell)))
        expect(formulas).toEqual([])
      }
      expect(JSON.parse(readFileSync(join(result.outputs['report-directory'], 'incidents.json'), 'utf8')).schema).toBe(
        'api-anomaly/incidents@1',
      )
    },
    SPAWN_TIMEOUT_MS,
  )
})

describe('names that a library prints', () => {
  test(
    'give no command either',
    async () => {
      await using github = new LoopbackGitHub()
      const artifact = github.addArtifact('logs', new TextEncoder().encode('x'), { contentType: 'text/csv' })
      artifact.disposition = "attachment; filename*=UTF-8''a%0A::error::pwned%0A%23%23[add-path]pwned.csv"
      const result = await runStep(github, { inputs: { artifacts: 'logs' } })
      expect(result.exitCode).toBe(2)
      expect(result.log).toContain('pwned')
      expect(result.commands.map(({ name }) => name).filter((name) => !OWN_COMMANDS.includes(name))).toEqual([])
      expect(result.commands.filter(({ data }) => data.startsWith('pwned'))).toEqual([])
    },
    SPAWN_TIMEOUT_MS,
  )
})

describe('the checks see what they are to see', () => {
  test('commands at the start of a line and within', () => {
    const names = (log: string) => parseCommands(log).map(({ name }) => name)
    expect(names('a\n  ::error::x\rb ##[warning]y\n::set-output name=a::b')).toEqual(['error', 'warning', 'set-output'])
    expect(names('a ::error::x\n# #[warning]\n: :error::')).toEqual([])
  })

  test('links, tags, mentions and references', () => {
    const markdown = 'Hi @octocat, see #12 and GH-3.\n\n[a](https://evil.example) <img src=x> `@fine #1 <b>`\n'
    expect(findForged(markdown, [])).toEqual({
      links: ['https://evil.example', 'x'],
      tags: ['img'],
      references: ['@octocat', '#12', 'GH-3'],
    })
  })
})
