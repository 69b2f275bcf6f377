import { quoted } from '../check/shell-word.ts'
import { redactUrl } from '../targets/url/target-url.ts'

/**
 * The command line as one would type it again: user names stay, and a password is a variable of the environment, from
 * which it is taken where a URL has none.
 */
export function repeatableCommand(words: readonly string[]): string {
  const variables = new Map<string, string>()
  const variableOf = (secret: string, name: string) => {
    const known = variables.get(secret)
    if (known !== undefined) return known
    const alike = [...variables.values()].filter((variable) => variable.startsWith(name)).length
    const variable = alike === 0 ? name : `${name}_${alike + 1}`
    variables.set(secret, variable)
    return variable
  }
  return ['cacheproof', ...words.map((word) => repeatable(word, variableOf))].join(' ')
}

/** A name that is none may be a password in the wrong place. */
const USER = /^[\w.%+-]+$/

function repeatable(word: string, variableOf: (secret: string, name: string) => string): string {
  const [, flag = '', value = word] = /^(--[a-z-]+=)(.*)$/s.exec(word) ?? []
  const scheme = /^[a-z+]+:\/\//i.exec(value)?.[0]
  if (scheme === undefined) return quoted(word)
  const shown = redactUrl(value)
  const rest = value.slice(scheme.length)
  const after = shown.slice(scheme.length)
  const host = after.replace(/\?.*$/s, '')
  const info = rest.slice(0, Math.max(0, rest.indexOf(`@${host}`)))
  const colon = info.indexOf(':')
  const user = colon < 0 ? info : info.slice(0, colon)
  if (!USER.test(user) && user !== '') return quoted(flag + shown)
  if (colon < 0) return quoted(user === '' ? flag + shown : `${flag}${scheme}${user}@${after}`)
  const variable = variableOf(info.slice(colon + 1), /^postgres/i.test(scheme) ? 'PGPASSWORD' : 'CACHEPROOF_PASSWORD')
  return `"${escaped(`${flag}${scheme}${user}:`)}$${variable}${escaped(`@${after}`)}"`
}

/** Within double quotes. */
function escaped(text: string): string {
  return text.replace(/["\\$`]/g, '\\$&')
}
