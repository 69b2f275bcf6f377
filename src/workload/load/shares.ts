import type { Stream } from '../../runtime/runtime.ts'

/**
 * Which connections are whose, when `instances` application instances make one load. Instance w of N has the users that
 * are w mod N of a closed loop, and of `connections` as many as fall to it by the same rule: a closed loop's user has a
 * connection of his own.
 */

/** How many connections instance w opens: shares differ by one at most and sum up, but nobody is without one. */
export function connectionShare(connections: number, instance: number, instances: number): number {
  return Math.max(1, Math.ceil((connections - instance) / instances))
}

/** The lane of a user on the client of his instance. Not his number: those of one instance differ by N, and some of its connections would stand idle. */
export function laneOf(user: number, instances: number): number {
  return Math.floor(user / instances)
}

/** Simulated users of an open loop: enough that one user's operations seldom overlap, few enough to meet again. */
const OPEN_LOOP_USERS = 128

/** Users of an open loop over so many connections: a multiple of them, so that each has as many. */
export function openLoopUsers(connections: number): number {
  return connections * Math.ceil(OPEN_LOOP_USERS / connections)
}

/** On whose behalf operation `index` of an open loop is, whoever carries it out. `draws`: the stream "users". */
export function openLoopUser(index: number, draws: Stream, users: number): number {
  return draws.uint32(index) % users
}
