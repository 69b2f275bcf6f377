import { nanosInWords } from '../../measure/words.ts'
import type { TargetDescription } from '../../targets/target.ts'
import { evidenceWords } from '../text/outcome-words.ts'
import { type Html, type HtmlValue, html } from './html.ts'

/** Where a run was aimed, fact by fact. Takes the form that run.json keeps, too. */
export function targetFacts(target: DescribedTarget): readonly (readonly [HtmlValue, HtmlValue])[] {
  return [
    ['Target', target.url === target.label ? target.label : html`${target.label} <code>${target.url}</code>`],
    ['Engine', engineInWords(target)],
    ['Settings', settingsList(target.settings)],
    ['Network', networkInWords(target)],
  ]
}

/** A `TargetDescription`, or what a run kept of one: there an optional field may be there and undefined. */
export type DescribedTarget = {
  readonly [Key in keyof TargetDescription]: TargetDescription[Key] | (Key extends 'networkModel' | 'roundTripNanos' ? undefined : never)
}

export function engineInWords(target: DescribedTarget): string {
  return `${target.engine} ${target.version}, ${target.topology}, ${target.ours ? 'started by cacheproof' : 'not ours'}, ${target.evidence === 'observed' ? 'a real server' : evidenceWords('modelled')}`
}

export function networkInWords(target: DescribedTarget): string {
  const trip = target.roundTripNanos === undefined ? undefined : `idle round trip ${nanosInWords(target.roundTripNanos)}`
  return [target.networkModel, target.tls ? 'TLS' : 'no TLS', trip].filter((part) => part !== undefined).join('; ')
}

export function settingsList(settings: Readonly<Record<string, string>>): Html {
  const entries = Object.entries(settings)
  if (entries.length === 0) return html`–`
  return html`${entries.map(([name, value], index) => html`${index > 0 && ', '}${name} <b>${value}</b>`)}`
}
