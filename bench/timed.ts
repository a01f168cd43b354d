/** `bun --preload ./bench/timed.ts scripts/run.ts …`: the command, with the seconds of its stages as the last line. */
import { stopwatches } from './stages.ts'

await Bun.plugin(stopwatches)
