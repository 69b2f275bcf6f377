import { describe, expect, test } from 'vitest'
import { crewContract, expectEnded, expectTakenOver, expectWhole, HALF_WAY_NANOS, openCrew, runLoad } from './crew.contract.ts'
import type { Crew, TakeOver } from './crew.ts'

crewContract('in this process, virtual time', { virtual: true, instances: 3 })
crewContract('in this process, real time', { virtual: false, instances: 1 })

test('the suite catches a crew whose killed instance goes on', async () => {
  const bed = await openCrew({ virtual: true, instances: 3, wrap: neverKilling })
  await bed.crew.prepare()
  await runLoad(bed, () => bed.crew.kill(2))
  await bed.crew.close()
  const rows = await bed.rows()
  await bed.close()
  expect(rows.some(({ instance, sent }) => instance === 2 && sent > HALF_WAY_NANOS)).toBe(true)
  expect(() => expectEnded(rows, 2, HALF_WAY_NANOS)).toThrow()
})

test('the suite catches a crew that forgets what a killed instance had under way', async () => {
  const bed = await openCrew({ virtual: true, instances: 3 })
  await bed.crew.prepare()
  await runLoad(bed, () => bed.crew.kill(2))
  await bed.crew.close()
  const rows = await bed.rows()
  await bed.close()
  expectEnded(rows, 2, HALF_WAY_NANOS)
  expect(() =>
    expectEnded(
      rows.filter(({ done }) => done >= 0),
      2,
      HALF_WAY_NANOS,
    ),
  ).toThrow()
})

describe('the suite catches a load that is not whole', () => {
  const DEAD = 2
  test.each(['closed', 'open'] as const)('of a %s loop: an operation that two began, one that is left out, one that the dead began', async (load) => {
    const bed = await openCrew({ virtual: true, instances: 3, load })
    await bed.crew.prepare()
    let takeOver: TakeOver | undefined
    await runLoad(bed, () => bed.crew.kill(DEAD, (told) => (takeOver = told)))
    await bed.crew.close()
    const rows = await bed.rows()
    await bed.close()
    const { heirs } = takeOver!
    expectWhole(rows, bed, heirs)
    expectTakenOver(rows, bed, DEAD, takeOver!)
    const inherited = rows.find(({ layer, op }) => layer === 'app' && op % 3 === DEAD && op > takeOver!.fromIndex)!
    expect(() => expectWhole([...rows, { ...inherited, instance: 1 - inherited.instance }], bed, heirs)).toThrow()
    const without = rows.filter((row) => row !== inherited)
    expect(() => expectWhole(without, bed, heirs)).toThrow()
    expect(() => expectTakenOver([...without, { ...inherited, instance: DEAD }], bed, DEAD, takeOver!)).toThrow()
    if (load === 'open') expect(() => expectWhole([...without, { ...inherited, due: inherited.due + 1 }], bed, heirs)).toThrow()
  })
})

function neverKilling(crew: Crew): Crew {
  return {
    leadNanos: crew.leadNanos,
    prepare: () => crew.prepare(),
    fill: () => crew.fill(),
    settle: (schedule) => crew.settle(schedule),
    start: (originNanos, drained) => crew.start(originNanos, drained),
    stop: () => crew.stop(),
    kill: () => {},
    abandon: () => crew.abandon(),
    account: () => crew.account(),
    verify: () => crew.verify(),
    close: () => crew.close(),
    get counts() {
      return crew.counts
    },
    get openConnections() {
      return crew.openConnections
    },
    get meters() {
      return crew.meters
    },
    get wire() {
      return crew.wire
    },
  }
}
