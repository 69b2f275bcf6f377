import type { Property } from '../../properties/property.ts'
import { nearest } from '../measure/nearest.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { ALL_PROPERTIES } from './all-properties.ts'

/** A property and the protocols over which it is run. */
export interface Selected {
  readonly property: Property
  readonly protocols: readonly (2 | 3)[]
}

const PROTOCOL = /@resp([23])$/

/**
 * The properties of a family that `only` names: by id ("redis/strings"), by a part of one ("strings"), or narrowed to
 * one protocol ("redis/strings@resp3"). Throws `UsageError` that names the nearest id when one matches nothing.
 */
export function selectProperties(family: Property['family'], only: readonly string[] | undefined): readonly Selected[] {
  const known = ALL_PROPERTIES.filter((property) => property.family === family)
  const all = protocolsOf(family)
  if (only === undefined || only.length === 0) return known.map((property) => ({ property, protocols: all }))
  const chosen = new Map<Property, Set<2 | 3>>()
  for (const word of only) {
    const protocol = PROTOCOL.exec(word)?.[1]
    const name = word.replace(PROTOCOL, '').replace(/^property\//, '')
    const protocols = protocol === undefined ? all : all.filter((one) => String(one) === protocol)
    if (protocols.length === 0) throw new UsageError(`"${word}": memcached has no RESP protocols`, `--only ${name}`)
    for (const property of matching(name, family, known)) {
      const set = chosen.get(property) ?? new Set()
      for (const one of protocols) set.add(one)
      chosen.set(property, set)
    }
  }
  return known.flatMap((property) => {
    const protocols = chosen.get(property)
    return protocols === undefined ? [] : [{ property, protocols: [...protocols].sort() }]
  })
}

function protocolsOf(family: Property['family']): readonly (2 | 3)[] {
  return family === 'redis' ? [2, 3] : [2]
}

function matching(name: string, family: Property['family'], known: readonly Property[]): readonly Property[] {
  const exact = known.filter(({ id }) => id === name)
  if (exact.length > 0) return exact
  const parts = name === '' ? [] : known.filter(({ id }) => id.includes(name))
  if (parts.length > 0) return parts
  const other = ALL_PROPERTIES.find(({ id }) => id === name)
  if (other) throw new UsageError(`the property ${name} is one of ${other.family}, and this target speaks ${family}`, listed(known))
  const ids = known.map(({ id }) => id)
  const short = ids.map((id) => id.slice(id.indexOf('/') + 1))
  const close = nearest(name, ids) ?? ids[short.indexOf(nearest(name, short) ?? '')]
  throw new UsageError(`no property's id contains "${name}"`, close === undefined ? listed(known) : `did you mean ${close}?`)
}

function listed(known: readonly Property[]): string {
  return `its properties are ${known.map(({ id }) => id).join(', ')}`
}

/** Throws `UsageError` unless the path looks like one of fast-check's and there is exactly one property to replay. */
export function checkPath(path: string, selected: readonly Selected[]): void {
  if (!/^\d+(:\d+)*$/.test(path)) {
    throw new UsageError(
      `--path "${path}" is no path of a counterexample`,
      'a failure prints it in its replay command: numbers with colons between, like 12:0:3',
    )
  }
  if (selected.length !== 1) {
    throw new UsageError(`--path replays one property, and ${selected.length} are chosen`, '--only with the id that the failure named')
  }
}
