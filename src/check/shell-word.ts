/** As one would type it: in single quotes where it needs any. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** The command without this flag and its value, written as `quoted` writes them. */
export function withoutFlag(command: string, flag: string): string {
  const quote = `'(?:[^']|'\\\\'')*'`
  return command.replace(new RegExp(`\\s(?:${flag}(?:\\s+|=)(?:${quote}|\\S+)|'${flag}=(?:[^']|'\\\\'')*')`), '')
}
