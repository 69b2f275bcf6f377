import { finding, type Scenario } from '../scenario.ts'
import { pause } from '../stage.ts'

export const killedRun: Scenario = {
  name: 'killed-run',
  seen: 'A run that was recovered after kill -9 said "everything expected holds", exit 0.',
  async play(stage) {
    const server = await stage.server('redis')
    const under = stage.begin(
      server,
      'name: cut-short',
      'pattern: session-store',
      'keys: { count: 200 }',
      'load: { open: { rate: 300/s } }',
      'phases: [ { steady: 60s } ]',
      'baseline: false',
      'expect: [ "lost_sessions == 0", "errors == 0" ]',
    )
    await stage.loadReaches(server)
    await pause(3_000)
    process.kill(under.pid, 'SIGKILL')
    await under.ended
    const told = await stage.start(['report', under.out], under.out).ended
    const isFailed = told.run.verdicts.some(({ gates, outcome }) => gates && outcome === 'fails')
    return [
      finding('it is not said that everything expected holds', !/everything expected holds/i.test(told.stdout), told.firstLines),
      finding('exit 4, or 1 where a failure is certain', told.code === (isFailed ? 1 : 4), { code: told.code, isFailed }),
      finding('how much time is missing', /(missing|never measured|not measured|cut off)[^.]*\d ?(s|min|%)/i.test(told.firstLines), told.firstLines),
      finding('and how many operations', /(missing|never measured|not measured|cut off).*\d operations/i.test(told.firstLines), told.firstLines),
      finding('the lamp is not green', told.lamp.colour !== 'green', told.lamp),
    ]
  },
}
