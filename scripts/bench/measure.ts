/** Runs processes and measures them from outside. */
import { readFileSync } from 'node:fs'
import { parseSelfReport, type Run, type SelfReport } from './results.ts'

/** Between two looks at a process's memory. Linux keeps the peak, so only growth in its last moment can be missed. */
const LOOK_MS = 10
const MB = 1e6

export interface Measured {
  readonly run: Run
  readonly versions: SelfReport['versions']
}

/**
 * One process, from its start until it has ended.
 *
 * @throws Error with what it wrote when it fails: a figure of a failed run means nothing
 */
export async function measureProcess(command: readonly string[], folder: string): Promise<Measured> {
  const start = performance.now()
  const child = Bun.spawn([...command], { cwd: folder, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
  let peakMb = 0
  const look = () => {
    peakMb = Math.max(peakMb, readPeakMb(child.pid))
  }
  const timer = setInterval(look, LOOK_MS)
  let wallSeconds = Number.NaN
  try {
    const ended = child.exited.then((code) => {
      wallSeconds = (performance.now() - start) / 1000
      return code
    })
    const [output, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), ended])
    if (code !== 0) throw new Error(`${command.join(' ')}: exit ${code}\n${output}${errors}`)
    const usage = child.resourceUsage()
    const { stages, versions } = parseSelfReport(output)
    const run = {
      wallSeconds,
      cpuSeconds: Number(usage?.cpuTime.total ?? Number.NaN) / 1e6,
      peakMb: peakMb || (usage?.maxRSS ?? 0) / MB,
      stages,
    }
    return { run, versions }
  } finally {
    clearInterval(timer)
  }
}

/**
 * Highest resident set of a running process, 0 when it cannot be told (it has ended, or this is not Linux). What the
 * kernel says after the end (`maxRSS`) will not do: a child inherits the size that its parent had when it was started.
 */
function readPeakMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return (Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024) / MB
  } catch {
    return 0
  }
}
