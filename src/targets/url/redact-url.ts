/** No parameter of ours holds a secret, but of other systems' URLs (a database's) these do. */
const SECRET_PARAMETERS = new Set(['password', 'pass', 'passwd', 'pwd', 'auth_token', 'token', 'secret'])

// An `@` in a value would make what stands before it look like a host's; only a user's name may hold one.
const ONE = '(?:user=[^&?]*|[a-z_-]+(?:=[^&?@]*)?)'
const PARAMETERS = new RegExp(`\\?${ONE}(?:&${ONE})*$`, 'i')

/**
 * The URL as it may be shown: without user info (name and password) and secret parameters. Works on any text, also
 * on one that is no valid URL, and rather cuts too much than too little: a password may hold `@`, `/` or `?`.
 */
export function redactUrl(url: string): string {
  const parameters = PARAMETERS.exec(url)?.[0] ?? ''
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(url)?.[0] ?? ''
  const rest = url.slice(scheme.length, url.length - parameters.length)
  return `${scheme}${rest.slice(rest.lastIndexOf('@') + 1)}${redactParameters(parameters)}`
}

function redactParameters(parameters: string): string {
  if (parameters === '') return ''
  const kept = parameters
    .slice(1)
    .split('&')
    .filter((parameter) => !SECRET_PARAMETERS.has(parameter.replace(/=.*/s, '').toLowerCase()))
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}
