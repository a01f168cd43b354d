/** What is measured: the parts, and in each the processes that take turns. */
import { join, resolve } from 'node:path'
import { type Form, makeLog } from './logs.ts'

const ROOT = resolve(import.meta.dir, '../..')
/** The Bun that runs this: there may be none on the path. */
const BUN = process.execPath

/** The names of those that are compared, as the board prints them. */
export const SUBJECT = {
  bun: 'Bun',
  node: 'Node',
  notebook: 'notebook',
  notebookOurWindows: 'notebook, our windows',
  sklearn: 'scikit-learn',
  npm: 'npm packages',
} as const

/** One process to measure. */
export interface Task {
  readonly subject: string
  readonly rows: number
  readonly form: Form | ''
  readonly bytes: number
  readonly command: readonly string[]
  /** The same with stopwatches around its stages, where these cost memory: run after it, for the stages alone. */
  readonly timed?: readonly string[]
}

export interface Surroundings {
  /** Folder for logs that may be kept. */
  readonly logs: string
  /** Folder for what may be thrown away. */
  readonly scratch: string
  readonly node: string
  /** The bundled command for Node. */
  readonly nodeCommand: string
  /** Interpreter with the peers' packages, null: without peers. */
  readonly python: string | null
}

export interface Part {
  readonly name: string
  readonly runs: number
  /** Takes minutes and gigabytes: only when it is asked for. */
  readonly large: boolean
  readonly plan: (surroundings: Surroundings) => Promise<Task[]>
}

const JOB_ROWS = 50_000
const LARGE_ROWS = 5_000_000
const GROWTH_ROWS = [50_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000]
/** Beyond these the notebook would take most of the time of the part. */
const MOST_PEER_ROWS = 5_000_000
const SMALL_ROWS = 10_000
const FOREST_ROWS = 1_000_000
/** The packages of npm put all rows into each tree: more rows take minutes. */
const NPM_FOREST_ROWS = 50_000
/** Windows that the command picks for two weeks with 50,000 rows, as pandas writes it. */
const OUR_WINDOW = '1h'

export const PARTS: readonly Part[] = [
  { name: 'start', runs: 11, large: false, plan: async (around) => planStart(around) },
  { name: 'job', runs: 7, large: false, plan: (around) => planJob(around, JOB_ROWS) },
  { name: 'again', runs: 5, large: false, plan: planAgain },
  { name: 'forest', runs: 5, large: false, plan: async (around) => planForest(around) },
  { name: 'engine', runs: 5, large: false, plan: async (around) => planEngine(around) },
  { name: 'functions', runs: 1, large: false, plan: async () => [planFunctions()] },
  { name: 'large-csv', runs: 3, large: true, plan: (around) => planLog(around, LARGE_ROWS, 'csv') },
  { name: 'large-ndjson', runs: 3, large: true, plan: (around) => planLog(around, LARGE_ROWS, 'jsonl') },
  { name: 'growth', runs: 3, large: true, plan: planGrowth },
]

/** A look at all of it within seconds, for each change: it shows that the instrument works, not how fast anything is. */
export const SMALL_PARTS: readonly Part[] = [
  { name: 'start', runs: 2, large: false, plan: async (around) => planStart(around) },
  { name: 'job', runs: 1, large: false, plan: (around) => planJob(around, SMALL_ROWS) },
  { name: 'functions', runs: 1, large: false, plan: async () => [planFunctions('--milliseconds', '50')] },
]

function planStart({ node, nodeCommand }: Surroundings): Task[] {
  const task = { rows: 0, form: '', bytes: 0 } as const
  return [
    { ...task, subject: SUBJECT.bun, command: [BUN, script('scripts/run.ts'), '--help'] },
    { ...task, subject: SUBJECT.node, command: [node, nodeCommand, '--help'] },
  ]
}

async function planJob(around: Surroundings, rows: number): Promise<Task[]> {
  const tasks = await planLog(around, rows, 'csv')
  const notebook = tasks.find(({ subject }) => subject === SUBJECT.notebook)
  if (notebook === undefined) return tasks
  const command = [...notebook.command, '--window', OUR_WINDOW]
  return [...tasks, { ...notebook, subject: SUBJECT.notebookOurWindows, command }]
}

/** The whole job several times in one process, in Bun. */
async function planAgain({ logs, scratch }: Surroundings): Promise<Task[]> {
  const { path, bytes } = await makeLog(logs, JOB_ROWS, 'csv')
  const command = [BUN, script('bench/again.ts'), path, '--out', join(scratch, 'again')]
  return [{ subject: SUBJECT.bun, rows: JOB_ROWS, form: 'csv', bytes, command }]
}

/** The whole job on one log: the command in both engines, and the notebook. */
async function planLog({ logs, scratch, node, nodeCommand, python }: Surroundings, rows: number, form: Form) {
  const { path, bytes } = await makeLog(logs, rows, form)
  const task = { rows, form, bytes }
  const given = (folder: string) => [path, '--out', join(scratch, folder)]
  const own = [script('scripts/run.ts'), ...given('bun'), '--quiet']
  const timed = [BUN, '--preload', script('bench/timed.ts'), ...own]
  const ours: Task[] = [
    { ...task, subject: SUBJECT.bun, command: [BUN, ...own], timed },
    { ...task, subject: SUBJECT.node, command: [node, nodeCommand, ...given('node'), '--quiet'] },
  ]
  if (python === null) return ours
  const notebook = [python, script('bench/peers/notebook.py'), ...given('notebook')]
  return [...ours, { ...task, subject: SUBJECT.notebook, command: notebook }]
}

/** Bun and the notebook at sizes that grow. */
async function planGrowth(around: Surroundings): Promise<Task[]> {
  const tasks: Task[] = []
  for (const rows of GROWTH_ROWS) {
    const all = await planLog(around, rows, 'csv')
    tasks.push(
      ...all.filter(
        ({ subject }) => subject === SUBJECT.bun || (subject === SUBJECT.notebook && rows <= MOST_PEER_ROWS),
      ),
    )
  }
  return tasks
}

function planForest({ node, python }: Surroundings): Task[] {
  const task = { form: '', bytes: 0 } as const
  const given = (path: string, rows: number) => [script(path), '--rows', String(rows)]
  const ours = [FOREST_ROWS, NPM_FOREST_ROWS].flatMap((rows): Task[] => [
    { ...task, subject: SUBJECT.bun, rows, command: [BUN, ...given('bench/forest.ts', rows)] },
    { ...task, subject: SUBJECT.node, rows, command: [node, ...given('bench/forest.ts', rows)] },
  ])
  const npm = given('bench/peers/forest-npm.ts', NPM_FOREST_ROWS)
  const tasks = [...ours, { ...task, subject: SUBJECT.npm, rows: NPM_FOREST_ROWS, command: [BUN, ...npm] }]
  if (python === null) return tasks
  const sklearn = [python, ...given('bench/peers/forest.py', FOREST_ROWS)]
  return [...tasks, { ...task, subject: SUBJECT.sklearn, rows: FOREST_ROWS, command: sklearn }]
}

function planEngine({ node }: Surroundings): Task[] {
  const task = { rows: 0, form: '', bytes: 0 } as const
  return [
    { ...task, subject: SUBJECT.bun, command: [BUN, script('bench/share-engine.ts')] },
    { ...task, subject: SUBJECT.node, command: [node, script('bench/share-engine.ts')] },
  ]
}

function planFunctions(...options: string[]): Task {
  const command = [BUN, script('bench/functions.ts'), ...options]
  return { subject: SUBJECT.bun, rows: 0, form: '', bytes: 0, command }
}

function script(path: string): string {
  return join(ROOT, path)
}
