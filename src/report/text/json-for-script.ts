/**
 * JSON that can stand inside a `<script type="application/json">`: nothing in it can end the element or begin a
 * comment (`<`), and nothing is a line end to an old JavaScript parser (U+2028, U+2029).
 */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
