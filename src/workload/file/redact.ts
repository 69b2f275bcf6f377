/**
 * Takes the secrets out of a text that is shown: user info in URLs, and what follows password= or token= (also with
 * a colon, as in YAML). Control characters become visible ones, so that a file can't drive the reader's terminal.
 */
export function redact(text: string): string {
  return (
    text
      .replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s'"]*@/giu, '$1***@')
      .replaceAll(/((?:password|passwd|pwd|secret|token|auth|api[_-]?key)["']?\s*[=:]\s*)[^\s&,;}'"]+/giu, '$1***')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
  )
}

/**
 * For texts of which parts are our own words: only what looks like a password in a URL, which may itself hold `@` and `/`.
 * The last net below whoever names a URL; examples such as `postgres://user@host` stay.
 */
export function withoutPasswords(text: string): string {
  return text.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/?\/?)([^\s'":/@]*):[^\s'"]*@/giu, '$1***@')
}

/** A value as it stands in a message: JSON, at most 60 characters, without secrets. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value instanceof Map || value instanceof Set) return 'a collection'
  let text: string
  try {
    text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value))
  } catch {
    text = String(value)
  }
  text = redact(text)
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`
}
