import { quoted } from './shell-word.ts'
import { elsewhere } from './test-command.ts'

/**
 * The command that asks real servers what embedded engines were asked: the run's own where it named its targets; else these
 * workloads by name.
 */
export function onRealServers(command: string, workloads: readonly string[], targets: readonly string[]): string {
  if (ENGINE.test(command))
    return elsewhere(command)
      .replace(/ --virtual\b/, '')
      .replaceAll(ENGINES, '$1local:')
  return ['cacheproof run', ...workloads.map(quoted), ...targets.map((target) => `--target ${quoted(target.replace(/^engine:/, 'local:'))}`)].join(
    ' ',
  )
}

/** At the beginning of a target, which may be quoted. */
const ENGINE = /([\s='"])engine:/
const ENGINES = new RegExp(ENGINE, 'g')
