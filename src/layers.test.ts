/** Who may import whom, and who may touch the world outside: the picture in the design, kept true by a test. */
import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/** By file, else by top folder: what it may import of our own. A trailing slash means the whole folder. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'types.ts': [],
  'format.ts': ['types.ts'],
  'shapes.ts': [],
  'facts.ts': ['math/', 'shapes.ts', 'types.ts'],
  'math/': ['math/'],
  'models/': ['models/', 'math/'],
  // It needs WebAssembly, and io/wasm.ts reads none before it is asked.
  'models/prophet.ts': ['models/', 'math/', 'io/wasm.ts'],
  'logs/': ['logs/', 'math/', 'shapes.ts', 'types.ts'],
  'features/': ['features/', 'math/', 'facts.ts', 'format.ts', 'shapes.ts', 'types.ts'],
  'detect/': ['detect/', 'models/', 'math/', 'types.ts'],
  'merge/': ['merge/', 'math/', 'format.ts', 'scopes.ts', 'types.ts'],
  'picture/': ['picture/'],
  'report/': ['report/', 'picture/', 'math/', 'format.ts', 'shapes.ts', 'types.ts'],
  'scopes.ts': ['types.ts'],
  'features.ts': ['features/', 'types.ts'],
  'learn.ts': ['features/', 'facts.ts', 'types.ts'],
  'state/': ['state/', 'math/', 'facts.ts', 'types.ts'],
  'state.ts': ['format.ts', 'types.ts'],
  'compare/': ['compare/', 'math/', 'facts.ts', 'format.ts', 'scopes.ts', 'shapes.ts', 'types.ts'],
  'compare.ts': ['compare/', 'scopes.ts', 'state/', 'types.ts'],
  'detect.ts': ['detect/', 'models/', 'math/', 'types.ts'],
  'decide.ts': ['math/', 'types.ts'],
  'merge.ts': ['merge/', 'types.ts'],
  'summarise.ts': ['visibility.ts', 'types.ts'],
  'visibility.ts': ['format.ts', 'types.ts'],
  'run.ts': [
    'compare.ts',
    'decide.ts',
    'detect.ts',
    'detect/share-work.ts',
    'features.ts',
    'learn.ts',
    'merge.ts',
    'state.ts',
    'summarise.ts',
    'types.ts',
  ],
  'doctor/': ['doctor/', 'math/', 'format.ts', 'logs/file-facts.ts', 'types.ts'],
  'doctor.ts': ['doctor/', 'features.ts', 'format.ts', 'logs/file-facts.ts', 'types.ts'],
  'report-charts.ts': ['picture/', 'report/', 'io/font.ts', 'types.ts'],
  'report-files.ts': ['report/', 'report-charts.ts', 'state/document.ts', 'state/render.ts', 'types.ts'],
  'analyse.ts': [
    'detect/share-work.ts',
    'doctor/duplicates.ts',
    'doctor/rejections.ts',
    'format.ts',
    'gates.ts',
    'inputs/',
    'inputs.ts',
    'io/block-readers.ts',
    'io/files.ts',
    'io/memory.ts',
    'io/report-folder.ts',
    'io/states.ts',
    'io/surveyor.ts',
    'io/workers.ts',
    'logs/',
    'report/redact-names.ts',
    'report/redact-report.ts',
    'report-files.ts',
    'run.ts',
    'state/merge.ts',
    'types.ts',
  ],
  'action/': [
    'action/',
    'analyse.ts',
    'gates.ts',
    'report-files.ts',
    'inputs/',
    'inputs.ts',
    'io/',
    'logs/input-error.ts',
    'logs/source.ts',
    'report/',
    'state/document.ts',
    'state/parse.ts',
    'state/schema-parts.ts',
    'format.ts',
    'types.ts',
  ],
  'gates.ts': ['format.ts', 'types.ts'],
  'inputs/': ['inputs/', 'gates.ts', 'types.ts'],
  'inputs.ts': ['inputs/', 'gates.ts', 'logs/input-error.ts', 'types.ts'],
  // What workers compute is passed on from here.
  'io/worker.ts': ['io/', 'detect/share-work.ts', 'logs/plain/', 'models/'],
  'io/font.ts': ['picture/font.ts'],
  'io/forest-workers.ts': ['io/', 'models/'],
  'io/block-readers.ts': ['io/', 'logs/plain/'],
  'io/surveyor.ts': ['io/', 'detect/share-work.ts'],
  'io/': ['io/', 'logs/input-error.ts', 'logs/source.ts', 'types.ts'],
  'io/states.ts': ['logs/input-error.ts', 'logs/source.ts', 'state/', 'types.ts'],
}
/** Beside the above, but only types, or by `await import`. */
const MAY_LOAD_LATE: Readonly<Record<string, readonly string[]>> = { 'models/prophet-solver.ts': ['io/wasm.ts'] }

/** These may touch files, the network, the clock, chance, the environment and the console. */
const OUTSIDE = /^(?:io\/|main\.ts$)/
/** Node's modules that only compute. */
const PURE_MODULES = new Set(['node:zlib', 'node:stream', 'node:util', 'node:string_decoder', 'node:buffer'])
/** It seeds a package that knows Math.random only, around its synchronous calls. */
const MAY_REPLACE_CHANCE = 'models/ml-isolation-forest.ts'

const WORLD: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['the clock', /\bDate\s*\.\s*now\b|\bnew\s+Date\s*\(\s*\)|(?<!new\s+)\bDate\s*\(|\bperformance\s*\./],
  ['chance', /\bMath\s*\.\s*random\b|\bcrypto\s*\./],
  ['the environment', /\bprocess\b|\bimport\.meta\.env\b/],
  ['the network', /\bfetch\s*\(|\bWebSocket\b/],
  ['the console', /\bconsole\b/],
  ['the runtime', /\bBun\b|\bglobalThis\b/],
  ['timers', /\bset(?:Timeout|Interval|Immediate)\b/],
]

interface Import {
  readonly specifier: string
  /** By `import()`, or a type that leaves nothing behind. */
  readonly late: boolean
}

/** Faults of one file, a line each. */
function checkFile(path: string, source: string): string[] {
  const code = stripText(source)
  const faults: string[] = []
  const isOutside = OUTSIDE.test(path)
  for (const { specifier, late } of findImports(source, code)) {
    const target = resolveImport(path, specifier)
    if (target !== null) {
      if (!mayImport(path, target, late)) faults.push(`${path} must not import ${target}`)
    } else if (specifier.startsWith('@actions/') || (specifier.startsWith('node:') && !PURE_MODULES.has(specifier))) {
      if (!isOutside) faults.push(`${path} must not import ${specifier}`)
    }
  }
  for (const [what, pattern] of isOutside ? [] : WORLD) {
    if (what === 'chance' && path === MAY_REPLACE_CHANCE) continue
    const match = pattern.exec(code)
    if (match !== null) faults.push(`${path}:${lineOf(code, match.index)} must not touch ${what}: ${match[0].trim()}`)
  }
  if (/\bexport\s+(?:type\s+)?(?:\*|\{[^}]*\}\s*from\b)/.test(code)) faults.push(`${path} must not pass on exports`)
  const any = /\bany\b/.exec(code)
  if (any !== null) faults.push(`${path}:${lineOf(code, any.index)} must not use 'any'`)
  return faults
}

function mayImport(path: string, target: string, late: boolean): boolean {
  if (path === 'main.ts') return true
  const isIn = (targets: readonly string[]) =>
    targets.some((allowed) => (allowed.endsWith('/') ? target.startsWith(allowed) : target === allowed))
  const own = MAY_IMPORT[path] ?? MAY_IMPORT[`${path.split('/')[0]}/`] ?? []
  return isIn(own) || (late && isIn(MAY_LOAD_LATE[path] ?? []))
}

/** Path below src/, null for packages and for files outside of it (WebAssembly, package.json). */
function resolveImport(path: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null
  const target = posix.join(posix.dirname(path), specifier)
  return target.startsWith('..') ? null : target
}

function findImports(source: string, code: string): Import[] {
  return [...code.matchAll(/\b(?:from|import)\s*(\(?)\s*(['"])( *)\2/g)].map((match) => {
    const start = match.index + match[0].length - 1 - match[3].length
    const statement = code.slice(code.lastIndexOf('import', match.index), match.index)
    return {
      specifier: source.slice(start, start + match[3].length),
      late: match[1] === '(' || statement.startsWith('import type'),
    }
  })
}

/** One cycle of imports, as the files on it; empty for none. */
function findCycle(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): string[] => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
    if (done.has(path)) return []
    for (const next of imports.get(path) ?? []) {
      const cycle = walk(next, [...trail, path])
      if (cycle.length > 0) return cycle
    }
    done.add(path)
    return []
  }
  for (const path of imports.keys()) {
    const cycle = walk(path, [])
    if (cycle.length > 0) return cycle
  }
  return []
}

/** Source of the same length in which comments, regular expressions and the contents of strings are blanks. */
function stripText(source: string): string {
  const out = source.split('')
  const blank = (from: number, to: number) => {
    for (let at = from; at < to; at++) if (out[at] !== '\n') out[at] = ' '
  }
  /** For each open `${`: how many braces are open inside it. */
  const templates: number[] = []
  let at = 0
  const skipTemplate = () => {
    const from = at
    while (at < source.length && source[at] !== '`' && !source.startsWith('${', at)) at += source[at] === '\\' ? 2 : 1
    blank(from, Math.min(at, source.length))
    if (source[at] === '$') {
      templates.push(0)
      at += 2
    } else at++
  }
  while (at < source.length) {
    const character = source[at]
    if (source.startsWith('//', at) || source.startsWith('/*', at)) {
      const close = source[at + 1] === '/' ? source.indexOf('\n', at) : source.indexOf('*/', at + 2) + 2
      const to = close < 2 ? source.length : close
      blank(at, to)
      at = to
    } else if (character === "'" || character === '"') {
      const from = ++at
      while (at < source.length && source[at] !== character) at += source[at] === '\\' ? 2 : 1
      blank(from, at)
      at++
    } else if (character === '`') {
      at++
      skipTemplate()
    } else if (character === '/' && beginsExpression(out.slice(Math.max(0, at - 40), at).join(''))) {
      const from = at++
      for (let inClass = false; source[at] !== '/' || inClass; at++) {
        if (source[at] === '\\') at++
        else if (source[at] === '[') inClass = true
        else if (source[at] === ']') inClass = false
      }
      blank(from, ++at)
    } else {
      if (templates.length > 0 && character === '{') templates[templates.length - 1]++
      if (templates.length > 0 && character === '}' && templates[templates.length - 1]-- === 0) {
        templates.pop()
        at++
        skipTemplate()
      } else at++
    }
  }
  return out.join('')
}

/** Whether a value may follow this code, so that a slash begins a regular expression and is no division. */
function beginsExpression(before: string): boolean {
  const text = before.trimEnd()
  return text === '' || /[([{,;:=!&|?+\-*%<>~^]$|=>$|\b(?:return|typeof|case|in|of|await|yield)$/.test(text)
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

const SOURCE_FOLDER = import.meta.dir
const SOURCES = new Map(
  readdirSync(SOURCE_FOLDER, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => [name, readFileSync(join(SOURCE_FOLDER, name), 'utf8')]),
)

describe('the layers', () => {
  test('are kept by every file', () => {
    expect(SOURCES.size).toBeGreaterThan(40)
    expect([...SOURCES].flatMap(([path, source]) => checkFile(path, source))).toEqual([])
  })

  test('have a rule for every file', () => {
    const isKnown = (path: string) => path === 'main.ts' || path in MAY_IMPORT || `${path.split('/')[0]}/` in MAY_IMPORT
    expect([...SOURCES.keys()].filter((path) => !isKnown(path))).toEqual([])
  })

  test('have no import cycle', () => {
    const imports = [...SOURCES].map(([path, source]): [string, string[]] => [
      path,
      findImports(source, stripText(source)).flatMap(({ specifier }) => resolveImport(path, specifier) ?? []),
    ])
    expect(findCycle(new Map(imports))).toEqual([])
    // A scanner that sees nothing would find no cycle either.
    expect(imports.reduce((sum, [, targets]) => sum + targets.length, 0)).toBeGreaterThan(100)
  })
})

describe('the check', () => {
  test.each([
    ['detect/shares.ts', "import { x } from '../report/csv.ts'", 'must not import report/csv.ts'],
    ['detect/shares.ts', "import type { X } from '../logs/read.ts'", 'must not import logs/read.ts'],
    ['logs/read.ts', "import {\n  a,\n  b,\n} from '../features/grid.ts'", 'must not import features/grid.ts'],
    ['report/csv.ts', "const { x } = await import('../io/files.ts')", 'must not import io/files.ts'],
    ['features/grid.ts', "import '../detect/shares.ts'", 'must not import detect/shares.ts'],
    ['math/stats.ts', "import { type Slice } from '../types.ts'", 'must not import types.ts'],
    ['run.ts', "import { readLogs } from './logs/read.ts'", 'must not import logs/read.ts'],
    ['models/prophet-solver.ts', "import { load } from '../io/wasm.ts'", 'must not import io/wasm.ts'],
    ['models/forest.ts', "const { load } = await import('../io/wasm.ts')", 'must not import io/wasm.ts'],
    ['logs/read.ts', "import { readFile } from 'node:fs/promises'", 'must not import node:fs/promises'],
    ['inputs.ts', 'import { spawn } from "node:child_process"', 'must not import node:child_process'],
    ['report/markdown.ts', "import * as core from '@actions/core'", 'must not import @actions/core'],
    ['merge.ts', 'const now = Date.now()', 'must not touch the clock'],
    ['merge.ts', 'const now = new Date()', 'must not touch the clock'],
    ['merge.ts', 'const now = Date()', 'must not touch the clock'],
    ['run.ts', 'const start = performance.now()', 'must not touch the clock'],
    ['models/forest.ts', 'const at = Math.random()', 'must not touch chance'],
    ['merge.ts', 'const id = crypto.randomUUID()', 'must not touch chance'],
    ['logs/read.ts', 'const key = process.env.KEY', 'must not touch the environment'],
    ['logs/read.ts', "console.error('x')", 'must not touch the console'],
    ['report/csv.ts', "await fetch('https://example.com')", 'must not touch the network'],
    ['logs/read.ts', "Bun.file('x')", 'must not touch the runtime'],
    ['logs/read.ts', `const a = \`\${Date.now()}\``, 'must not touch the clock'],
    ['logs/read.ts', 'const a = /[\'"]/\nDate.now()', 'logs/read.ts:2 must not touch the clock'],
    ['report/csv.ts', "export * from './json.ts'", 'must not pass on exports'],
    ['report/csv.ts', "export { a, b } from './json.ts'", 'must not pass on exports'],
    ['types.ts', 'export type Loose = any', "must not use 'any'"],
  ])('refuses in %s: %s', (path, source, fault) => {
    expect(checkFile(path, source).join('\n')).toContain(fault)
  })

  test.each([
    [
      'io/files.ts',
      "import { readFile } from 'node:fs/promises'\nconst now = Date.now()\nconsole.log(process.env.HOME)",
    ],
    ['main.ts', "import { run } from './run.ts'\nimport * as core from '@actions/core'"],
    [
      'models/prophet-solver.ts',
      "import type { Engine } from '../io/wasm.ts'\nconst { load } = await import('../io/wasm.ts')",
    ],
    ['models/ml-isolation-forest.ts', 'const random = Math.random'],
    ['logs/content.ts', "import { createGunzip } from 'node:zlib'"],
    ['merge.ts', 'const iso = new Date(time).toISOString()'],
    ['merge.ts', "// Date.now() and console.log\nconst rule = 'must not call Date.now() or process'"],
    ['merge.ts', `const half = a / b / c // any\nconst text = \`Math.random() \${half} fetch(x)\``],
    ['report/csv.ts', 'export { render }\nconst regex = /any `Bun` thing/'],
  ])('allows in %s: %s', (path, source) => {
    expect(checkFile(path, source)).toEqual([])
  })

  test('finds a cycle, and where it runs', () => {
    expect(
      findCycle(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
        ]),
      ),
    ).toEqual(['b', 'c', 'b'])
    expect(
      findCycle(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['c']],
          ['c', []],
        ]),
      ),
    ).toEqual([])
  })
})
