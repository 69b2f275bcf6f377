import { escapeHtml } from '../text/escape-html.ts'

/** Markup that is safe to put into a page. Made by the `html` tag, which escapes whatever text is put into it. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[]

/**
 * A template of markup: values are escaped, unless they are `Html` themselves; lists are joined; null, undefined and
 * false are nothing. Attributes that hold values must be quoted.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = strings[0]!
  for (const [index, value] of values.entries()) text += textOf(value) + strings[index + 1]!
  return new Html(text)
}

/** Our own markup or code, as it is. Never for text from outside. */
export function trusted(text: string): Html {
  return new Html(text)
}

function textOf(value: HtmlValue): string {
  if (value instanceof Html) return value.text
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'object') return value.map(textOf).join('')
  return escapeHtml(String(value))
}
