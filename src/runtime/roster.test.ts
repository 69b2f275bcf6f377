import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Roster, type RosterMember } from './roster.ts'

class Guest implements RosterMember {
  place = -1
}

it('holds what a set would', () => {
  const moves = fc.array(fc.record({ guest: fc.nat({ max: 5 }), move: fc.constantFrom('add', 'delete', 'takeAll') }))
  fc.assert(
    fc.property(moves, (sequence) => {
      const guests = Array.from({ length: 6 }, () => new Guest())
      const roster = new Roster<Guest>()
      const model = new Set<Guest>()
      for (const { guest: number, move } of sequence) {
        const guest = guests[number]!
        if (move === 'add' && !model.has(guest)) {
          roster.add(guest)
          model.add(guest)
        } else if (move === 'delete') {
          expect(roster.delete(guest)).toBe(model.delete(guest))
        } else if (move === 'takeAll') {
          expect(new Set(roster.takeAll())).toEqual(model)
          model.clear()
        }
        expect(roster.size).toBe(model.size)
        expect(new Set(roster)).toEqual(model)
      }
    }),
    { seed: 20261124 },
  )
})
