/** The action: what must be there before anything else, and the one catch that does not rethrow. */
import { end, guardOutput, say, sayFailure } from './io/console.ts'
import { terminalText } from './report/escape.ts'

guardOutput(terminalText)
say('read inputs')
const { describeFailure, runStep } = await import('./action/step.ts')
try {
  const failure = await runStep()
  if (failure !== '') await sayFailure(failure)
  end(failure === '' ? 0 : 1)
} catch (error) {
  await sayFailure(describeFailure(error))
  end(2)
}
