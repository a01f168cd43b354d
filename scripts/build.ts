/** Builds what GitHub runs, from what is checked in: `bun scripts/build.ts --help`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { parse } from 'yaml'
import { parseOptions, runCommand } from './command.ts'

const USAGE = `Usage: bun scripts/build.ts [--check]

Builds what GitHub runs, dist/, and the tables of inputs and outputs in README.md, both from what is checked in: the
same bytes on every machine.

  --check   write nothing; exit 1 when what is there differs from what would be written
  --help    print this
`

const ROOT = resolve(import.meta.dir, '..')
const DIST = join(ROOT, 'dist')
const README = join(ROOT, 'README.md')
const LICENSES = 'THIRD-PARTY-LICENSES.txt'
/** These are opened by name beside the bundle, which no bundler sees. */
const STAN = '@bsull/augurs-prophet-wasmstan'

/** The files of dist/ by name. */
async function buildBundle(): Promise<Map<string, Uint8Array>> {
  const built = await Bun.build({
    // The worker is opened by its name, which no bundler sees.
    entrypoints: [join(ROOT, 'src/main.ts'), join(ROOT, 'src/io/worker.ts')],
    root: ROOT,
    target: 'node',
    format: 'esm',
    minify: true,
    splitting: true,
    metafile: true,
    naming: { entry: '[name].js', chunk: '[name]-[hash].[ext]', asset: '[name]-[hash].[ext]' },
  })
  const files = new Map<string, Uint8Array>()
  for (const artifact of built.outputs) {
    files.set(artifact.path.replace(/^\.\//, ''), new Uint8Array(await artifact.arrayBuffer()))
  }
  const stan = join(ROOT, 'node_modules', STAN)
  for (const name of findFiles(stan).filter((path) => path.endsWith('.wasm'))) {
    files.set(name.slice(name.lastIndexOf(sep) + 1), readFileSync(join(stan, name)))
  }
  const packages = new Set([findPackage(STAN), ...Object.keys(built.metafile?.inputs ?? {}).flatMap(packageOf)])
  files.set(LICENSES, new TextEncoder().encode(renderLicenses([...packages])))
  checkPaths(files)
  return files
}

/** Folder of the package that a bundled file belongs to, none for our own. */
function packageOf(input: string): string[] {
  const path = resolve(ROOT, input)
  const at = path.lastIndexOf(`${sep}node_modules${sep}`)
  if (at < 0) return []
  const [first, second] = path.slice(at + '/node_modules/'.length).split(sep)
  return [join(path.slice(0, at), 'node_modules', first, first.startsWith('@') ? second : '')]
}

function findPackage(name: string): string {
  return join(ROOT, 'node_modules', name)
}

/** Paths of a folder's files, relative to it, in order. */
function findFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

/** The packages' own words, since a bundler keeps only some of them. Packages of one text stand together. */
function renderLicenses(folders: readonly string[]): string {
  const packagesByText = new Map<string, string[]>()
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const text = readLicense(folder)
    const title = `${name} ${version}${typeof license === 'string' ? ` (${license})` : ''}`
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), title])
  }
  const sections = [...packagesByText].map(([text, titles]) => `${[...new Set(titles)].sort().join('\n')}\n\n${text}\n`)
  const rule = `\n${'-'.repeat(80)}\n\n`
  return `What is bundled here beside our own code, with the licences of the packages.\n${rule}${sections.sort().join(rule)}`
}

/** Licence files of a package; without one, what its README says. */
function readLicense(folder: string): string {
  const texts = findLicenses(folder).map((file) => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim())
  if (texts.length > 0) return texts.join('\n\n')
  const readme = readdirSync(folder).find((name) => /^readme/i.test(name))
  const words = readme === undefined ? '' : readFileSync(join(folder, readme), 'utf8').replaceAll('\r\n', '\n')
  return /^#+ *licen[cs]e\b[^\n]*\n([^#]+)/im.exec(words)?.[1]?.trim() || NO_TEXT
}

/** A package's licence files, and those in a folder of that name. */
function findLicenses(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => /^(?:licen[cs]es?|copying|notice|ofl)(?:$|[._-])/i.test(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isFile() ? [path] : findFiles(path).map((name) => join(path, name))
    })
    .sort()
}

/** Nothing else stands in the package: the name of the licence is all that there is. */
const NO_TEXT = '(The package names its licence and holds no text of it.)'

/** @throws Error when a file would tell where it was built */
function checkPaths(files: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, content] of files) {
    if (Buffer.from(content).includes(ROOT)) throw new Error(`dist/${name} must not hold the path ${ROOT}`)
  }
}

/** README.md with its tables of inputs and outputs made anew; null when there is none. */
function renderReadme(): string | null {
  if (!existsSync(README)) return null
  const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'))
  const inputs = renderTable(
    ['Input', 'What it is', 'Default'],
    Object.entries<{ description: string; default?: string }>(action.inputs).map(([name, input]) => [
      `\`${name}\``,
      input.description,
      input.default ? `\`${input.default}\`` : '',
    ]),
  )
  const outputs = renderTable(
    ['Output', 'What it is'],
    Object.entries<{ description: string }>(action.outputs).map(([name, output]) => [
      `\`${name}\``,
      output.description,
    ]),
  )
  const readme = readFileSync(README, 'utf8')
  return replaceBetween(replaceBetween(readme, 'inputs', inputs), 'outputs', outputs)
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|')).join(' | ')} |\n`
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}

/** Text between `<!-- name -->` and `<!-- /name -->`, where a text has both. */
function replaceBetween(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const from = text.indexOf(open)
  const to = text.indexOf(close)
  if (from < 0 || to < from) return text
  return `${text.slice(0, from + open.length)}\n${content}${text.slice(to)}`
}

/** Names of what differs from what is on disk. */
function findDifferences(files: ReadonlyMap<string, Uint8Array>, readme: string | null): string[] {
  const onDisk = existsSync(DIST) ? findFiles(DIST) : []
  const differing = [...files].filter(([name, content]) => {
    const path = join(DIST, name)
    return !existsSync(path) || !readFileSync(path).equals(content)
  })
  const surplus = onDisk.filter((name) => !files.has(name))
  const isReadmeOld = readme !== null && readFileSync(README, 'utf8') !== readme
  return [...differing.map(([name]) => name), ...surplus]
    .map((name) => `dist/${name}`)
    .concat(isReadmeOld ? ['README.md'] : [])
}

async function write(files: ReadonlyMap<string, Uint8Array>, readme: string | null): Promise<void> {
  await rm(DIST, { recursive: true, force: true })
  for (const [name, content] of files) {
    await mkdir(dirname(join(DIST, name)), { recursive: true })
    await writeFile(join(DIST, name), content)
  }
  if (readme !== null) await writeFile(README, readme)
}

await runCommand(USAGE, async () => {
  const { values } = parseOptions({ options: { check: { type: 'boolean', default: false } } })
  const files = await buildBundle()
  const readme = renderReadme()
  if (values.check) {
    const differences = findDifferences(files, readme)
    if (differences.length === 0) return
    process.stderr.write(`Built from other sources: ${differences.join(', ')}. Run: bun scripts/build.ts\n`)
    process.exitCode = 1
  } else {
    await write(files, readme)
    const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0)
    process.stdout.write(`dist/: ${files.size} files, ${(bytes / 1024 / 1024).toFixed(2)} MiB\n`)
  }
})
