/** The whole scoreboard: all families against the peer, calibration, hard negatives, and data of others. */
import { calibrate } from './calibration.ts'
import { CalibrationBoard } from './calibration-board.ts'
import { CLEAN } from './clean-families.ts'
import { playHardNegatives, renderHardNegatives } from './hard-negatives.ts'
import { runPeer } from './peer.ts'
import { PeerBoard } from './peer-board.ts'
import { PLANTED } from './planted-families.ts'
import { playFamily } from './play.ts'
import { playRealLogs, renderRealLogs } from './real-logs.ts'
import { Scoreboard } from './scoreboard.ts'
import { playSeries, renderSeries } from './series-board.ts'

export interface BoardOptions {
  /** Runs of each planted and of each clean family. */
  readonly runs: number
  readonly cleanRuns: number
  /** The first family's first run's; its other runs follow, then the next family's. */
  readonly firstSeed: number
  /** Folder of third-party data; what is absent there is said and left out. */
  readonly data: string
  /** Told the name of each part when it is done. */
  readonly onDone: (name: string) => void
}

/** @returns docs/QUALITY.md; the same text for the same options and data */
export async function playBoard({ runs, cleanRuns, firstSeed, data, onDone }: BoardOptions): Promise<string> {
  const scoreboard = new Scoreboard()
  const peers = new PeerBoard()
  const calibration = new CalibrationBoard()
  for (const [families, times, clean] of [[PLANTED, runs, false] as const, [CLEAN, cleanRuns, true] as const]) {
    for (const [at, family] of families.entries()) {
      // Families that share seeds share their noise: what is pooled over them would be a few logs seen many times.
      const first = firstSeed + at * times
      for (let seed = first; seed < first + times; seed++) {
        const play = await playFamily(family, seed)
        scoreboard.add(family, seed, clean, play)
        peers.add(clean, play, await runPeer(play.logs, seed))
        if (clean) calibration.add(family, await calibrate(play, seed))
      }
      onDone(family.name)
    }
  }
  const negatives = await playHardNegatives()
  onDone('hard negatives')
  const logs = await playRealLogs(data)
  onDone('real logs')
  const series = await playSeries(data)
  onDone('series of others')
  return scoreboard.render(
    [
      '# Quality',
      '',
      `Made by \`bun scripts/evaluate.ts --board docs/QUALITY.md --runs ${runs} --clean-runs ${cleanRuns} --first-seed ${firstSeed}\`, default settings, seeds ${firstSeed} to ${firstSeed + PLANTED.length * runs - 1} (planted) and ${firstSeed} to ${firstSeed + CLEAN.length * cleanRuns - 1} (clean), so that no two families share their noise; none was looked at while the detectors were made; a second run gives the same figures. Data of others lies beside the project (\`--data DIR\`, default \`../shared/data\`).`,
      '',
      'Each planted incident is sized to carry a given evidence: the expected log10 likelihood ratio of a test that knows its scope, its time and the background with its over-dispersion ([evidence.ts](../scripts/evaluate/evidence.ts), which a simulation of the generator’s own noise confirms). It sees what the event touches, not the hours around: those would add a fifth for traffic, and triple it for latency, whose wander persists. Where the least size that a family plants says more than was aimed at, the larger evidence counts. *Found* means category and scope exact, at medium or above, overlapping in time. The families are in [planted-families.ts](../scripts/evaluate/planted-families.ts) and [clean-families.ts](../scripts/evaluate/clean-families.ts); no threshold was set by looking at one of them.',
    ],
    [
      ...peers.render(),
      '',
      ...renderHardNegatives(negatives),
      '',
      ...renderRealLogs(logs),
      '',
      ...calibration.render(),
      '',
      ...renderSeries(series),
    ],
  )
}
