/** Our incidents and the peer's alarms on the same runs, side by side. */
import { type Alarm, PEER_PARTS } from './peer.ts'
import type { Play } from './play.ts'
import { type Claim, type Event, type Score, scoreClaims } from './score.ts'
import { MUST_FIND, ratio } from './scoreboard.ts'

class Tally {
  planted = 0
  found = 0
  matched = 0
  /** Events of any evidence that a claim matches, and claims that match none. */
  right = 0
  wrong = 0
  cleanRuns = 0
  cleanWrong = 0

  add<C extends Claim>(play: Play, { found, nearest, surplus }: Score<C>, clean: boolean): void {
    if (clean) {
      this.cleanRuns++
      this.cleanWrong += surplus.length
    }
    this.wrong += surplus.length
    for (const [i, { evidence }] of play.planted.entries()) {
      if (nearest[i] !== null) this.right++
      if (evidence < MUST_FIND) continue
      this.planted++
      if (found[i]) this.found++
      if (nearest[i] !== null) this.matched++
    }
  }

  render(name: string): string {
    const cells = [
      name,
      ratio(this.found, this.planted),
      ratio(this.matched, this.planted),
      ratio(this.right, this.right + this.wrong),
      this.cleanRuns === 0 ? '–' : (this.cleanWrong / this.cleanRuns).toFixed(2),
    ]
    return `| ${cells.join(' | ')} |`
  }
}

export class PeerBoard {
  private readonly ours = new Tally()
  private readonly peer = new Tally()
  private readonly parts = new Map(PEER_PARTS.map((part) => [part, new Tally()]))

  add(clean: boolean, play: Play, alarms: readonly Alarm[]): void {
    const reported = play.report.incidents.filter(({ severity }) => severity !== 'low')
    this.ours.add(play, scoreClaims(reported, play.events), clean)
    const named = alarms.map((alarm) => nameAlarm(alarm, play.events))
    this.peer.add(play, scoreClaims(named, play.events), clean)
    for (const [part, tally] of this.parts) {
      const own = named.filter((alarm) => alarm.part === part)
      tally.add(play, scoreClaims(own, play.events), clean)
    }
  }

  render(): string[] {
    const { planted, cleanRuns } = this.ours
    const names = {
      forest: 'notebook: Isolation Forest (ours, 100 trees) on rows, contamination 0.01, alarms per service',
      prophet: 'notebook: Prophet, 99 % interval, on the counts of the whole',
      latency: 'notebook: latency p95 above rolling mean + 3 sigma, per service',
      errors: 'notebook: error share above rolling mean + 3 sigma, per service',
    }
    return [
      '## The plain notebook approach on the same runs',
      '',
      `What is usually tried first ([peer.ts](../scripts/evaluate/peer.ts)), on the same ${planted} incidents of evidence ${MUST_FIND} and more and the same ${cleanRuns} clean runs, scored alike: hourly windows (narrower where a log is shorter than two days), rolling over the 24 windows before, neighbouring alarms joined. The forest does not say what is wrong: to its advantage each of its alarms counts as whatever was planted at its time. The rows by part hold each part against all categories; the baseline log is not used.`,
      '',
      '| Approach | Recall, scope exact | Recall, any scope | Precision | False incidents per clean run |',
      '|---|--:|--:|--:|--:|',
      this.ours.render('**this project** (incidents above low)'),
      this.peer.render('notebook: all four together'),
      ...[...this.parts].map(([part, tally]) => tally.render(names[part])),
    ]
  }
}

/** To the forest's advantage: its alarms are of the category of the event that they overlap. */
function nameAlarm(alarm: Alarm, events: readonly Event[]): Alarm {
  if (alarm.part !== 'forest') return alarm
  const event = events.find(({ start, end }) => alarm.start < Date.parse(end) && alarm.end > Date.parse(start))
  return event === undefined ? alarm : { ...alarm, category: event.category }
}
