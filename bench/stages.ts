/**
 * Which functions are the command's stages, and the plugin that puts stopwatches around them. The stages themselves know
 * no clock; so the very command that a user runs is measured, at home in Bun (`--preload`) or bundled for Node.
 */
import { readFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import type { BunPlugin } from 'bun'

const ROOT = resolve(import.meta.dir, '..')
const STOPWATCH = join(import.meta.dir, 'stopwatch.ts')

/** Stage → file and the exported functions in it. `detect` holds `forest` and `forecast`; `forecast` holds `prophet`. */
export const STAGES: Readonly<Record<string, { readonly file: string; readonly functions: readonly string[] }>> = {
  read: { file: 'src/logs/read.ts', functions: ['readLogs'] },
  features: { file: 'src/features.ts', functions: ['buildFeatures'] },
  detect: { file: 'src/detect.ts', functions: ['detect'] },
  forest: { file: 'src/models/isolation-forest.ts', functions: ['fitForest', 'scoreForest'] },
  forecast: { file: 'src/detect/traffic.ts', functions: ['detectTraffic'] },
  prophet: { file: 'src/models/prophet.ts', functions: ['fitProphet'] },
  merge: { file: 'src/merge.ts', functions: ['mergeFindings'] },
  summarise: { file: 'src/summarise.ts', functions: ['summarise'] },
  duplicates: { file: 'src/doctor/duplicates.ts', functions: ['measureDuplicates'] },
  learn: { file: 'src/learn.ts', functions: ['learn'] },
  charts: { file: 'src/report-charts.ts', functions: ['renderCharts'] },
}

/**
 * Source of a module with stopwatches around some of its functions.
 *
 * @throws Error when one of them is not an exported function of it: the table above is then out of date
 */
export function timeFunctions(source: string, stage: string, functions: readonly string[]): string {
  const changed = functions.reduce((text, name) => {
    const head = new RegExp(`^export ((?:async )?function )${name}\\b`, 'm')
    if (!head.test(text)) throw new Error(`stage '${stage}' must be an exported function '${name}', there is none`)
    return text.replace(head, `$1untimed_${name}`)
  }, source)
  const timed = functions.map((name) => `export const ${name} = timed('${stage}', untimed_${name})\n`)
  return `import { timed } from ${JSON.stringify(STOPWATCH)}\n${changed}\n${timed.join('')}`
}

export const stopwatches: BunPlugin = {
  name: 'stopwatches',
  setup(build) {
    for (const [stage, { file, functions }] of Object.entries(STAGES)) {
      const path = join(ROOT, file)
      const filter = new RegExp(`${path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(sep, '[\\\\/]')}$`)
      build.onLoad({ filter }, () => ({
        contents: timeFunctions(readFileSync(path, 'utf8'), stage, functions),
        loader: 'ts',
      }))
    }
  },
}
