/** What is loaded before anything was asked for: `--help` answers at once, and heavy parts come when they are used. */
import { describe, expect, test } from 'bun:test'
import { readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const ROOT = join(import.meta.dir, '..')
const transpiler = new Bun.Transpiler({ loader: 'ts' })

/** Our files, and the modules of others, that a file loads without being asked: those of `await import` are left out. */
function loadedBy(entry: string): { files: string[]; modules: string[] } {
  const files = new Set<string>()
  const modules = new Set<string>()
  const visit = (path: string) => {
    if (files.has(path)) return
    files.add(path)
    for (const { path: specifier, kind } of transpiler.scanImports(readFileSync(path, 'utf8'))) {
      if (kind === 'dynamic-import') continue
      // A WebAssembly file by its path is only a name until it is read.
      if (specifier.startsWith('.')) {
        if (specifier.endsWith('.ts')) visit(join(dirname(path), specifier))
      } else modules.add(specifier)
    }
  }
  visit(join(ROOT, entry))
  return { files: [...files].map((path) => relative(ROOT, path)), modules: [...modules].sort() }
}

/** Each takes longer to load than `--help` may take in all, or is needed by few. */
const HEAVY = /^(?:@bsull\/|@bytecodealliance\/|ml-isolation-forest|quickchart-js|ajv|hyparquet|@actions\/artifact)/
/** Source that is read and compiled before the first word is said: some 5 ms. */
const MOST_BYTES = 65_536

describe('at the start', () => {
  test.each([
    ['scripts/run.ts', ['node:util']],
    ['src/main.ts', []],
  ])('%s loads no package and little of ours', (entry, expected) => {
    const { files, modules } = loadedBy(entry)
    expect(modules).toEqual(expected)
    expect(files.reduce((bytes, path) => bytes + statSync(join(ROOT, path)).size, 0)).toBeLessThan(MOST_BYTES)
  })

  test.each(['scripts/analyse.ts', 'scripts/doctor.ts', 'src/action/step.ts', 'src/io/worker.ts'])(
    '%s loads nothing heavy',
    (entry) => {
      expect(loadedBy(entry).modules.filter((name) => HEAVY.test(name))).toEqual([])
    },
  )

  test('a file that imports them is seen', () => {
    expect(loadedBy('src/models/ml-isolation-forest.ts').modules.filter((name) => HEAVY.test(name))).not.toEqual([])
    expect(loadedBy('scripts/analyse.ts').files).toContain('src/models/prophet.ts')
  })
})
