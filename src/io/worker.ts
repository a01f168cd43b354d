/**
 * The entry of every worker, and the table of what workers can be asked for. It is loaded by the main thread as well,
 * where no worker can be started.
 */
import { isMainThread, parentPort } from 'node:worker_threads'
import { type ShareWork, type Surveys, surveyInTurn } from '../detect/share-work.ts'
import { type BlockTask, createBlockReader, type ParsedBlock } from '../logs/plain/block.ts'
import { scoreForest } from '../models/isolation-forest.ts'
import type { Forest } from '../models/isolation-tree.ts'
import type { ChartName } from '../report/charts/names.ts'
import type { ChartData } from '../types.ts'
import type { SvgDocument } from './renderer.ts'

/** What a task gives back: a value that can be cloned, and which of its buffers are handed over instead. */
interface Reply<Value> {
  readonly value: Value
  readonly transfer?: readonly ArrayBuffer[]
}

const readBlock = createBlockReader()

/** What workers compute, by name. The answer depends on the message alone, whichever worker is asked. */
const TASKS = {
  /** Reads a block of a log; its rows are handed over. */
  readBlock: (task: BlockTask): Reply<ParsedBlock> => {
    const value = readBlock(task)
    return { value, transfer: [value.columns] }
  },
  /** Loads what `drawChart` needs, so that the first chart need not wait for it. */
  prepareDrawing: async (_: object): Promise<Reply<null>> => {
    const { practiseDrawing } = await import('../report/charts.ts')
    practiseDrawing()
    return { value: null }
  },
  /** Draws a chart as an SVG document. */
  drawChart: async (given: { readonly name: ChartName; readonly data: ChartData }): Promise<Reply<string>> => {
    const { drawChart } = await import('../report/charts.ts')
    return { value: drawChart(given.name, given.data) }
  },
  /** Loads what `renderPng` needs, so that the first document need not wait for it. */
  prepareRenderer: async (_: object): Promise<Reply<null>> => {
    const { prepareRenderer } = await import('./renderer.ts')
    await prepareRenderer()
    return { value: null }
  },
  /** Renders a chart; the image is handed over. */
  renderPng: async (document: SvgDocument): Promise<Reply<Uint8Array<ArrayBuffer>>> => {
    const { renderPng } = await import('./renderer.ts')
    const value = await renderPng(document)
    return { value, transfer: [value.buffer] }
  },
  /** Takes its part of the work. */
  surveyShares: (work: ShareWork): Reply<Surveys> => ({ value: surveyInTurn(work) }),
  /** Sums numbers. Shows that a pool works, and what a task looks like. */
  sum: ({ values }: { readonly values: Float64Array }): Reply<number> => ({
    value: values.reduce((sum, value) => sum + value, 0),
  }),
  /** Scores some of a table's rows. */
  scoreForest: (given: { readonly forest: Forest; readonly columns: readonly Float64Array[] }): Reply<Float64Array> => {
    const scores = scoreForest(given.forest, given.columns)
    return { value: scores, transfer: [scores.buffer] }
  },
}

export type TaskName = keyof typeof TASKS
export type MessageOf<Name extends TaskName> = Parameters<(typeof TASKS)[Name]>[0]
export type ValueOf<Name extends TaskName> = Awaited<ReturnType<(typeof TASKS)[Name]>>['value']

/** What a worker is sent, and what it answers. */
export interface Request {
  readonly id: number
  readonly task: TaskName
  readonly message: unknown
}
export type Response =
  /** Said once, before it takes tasks. */
  | { readonly isReady: true }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: string; readonly stack: string }

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  port.on('message', async ({ id, task, message }: Request) => {
    try {
      const { value, transfer = [] } = await perform(task, message)
      port.postMessage({ id, value } satisfies Response, [...transfer])
    } catch (error) {
      const { message: fault, stack = '' } = error instanceof Error ? error : new Error(String(error))
      port.postMessage({ id, fault, stack } satisfies Response)
    }
  })
  port.postMessage({ isReady: true } satisfies Response)
}

/** Performs a task in this thread. */
export async function perform(task: TaskName, message: unknown): Promise<Reply<unknown>> {
  // The name says what the message is; that tie is lost on the way between threads.
  const compute = TASKS[task] as (message: unknown) => Reply<unknown> | Promise<Reply<unknown>>
  return compute(message)
}
