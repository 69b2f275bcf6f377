/** What was measured before, with what is measured now in its place; by name. */
export function mergeRooms<Room>(before: Readonly<Record<string, Room>>, now: Readonly<Record<string, Room>>): Record<string, Room> {
  return Object.fromEntries(Object.entries({ ...before, ...now }).sort(([a], [b]) => (a < b ? -1 : 1)))
}
