/** The lines `name:value` of an INFO answer. */
export function parseInfo(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^([^#:\r\n][^:\r\n]*):(.*?)\r?$/gm)].map((match) => [match[1]!, match[2]!]))
}
