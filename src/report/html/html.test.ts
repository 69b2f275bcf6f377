import { expect, it } from 'vitest'
import { Html, html, trusted } from './html.ts'

it('escapes whatever text is put into it, in content and in attributes', () => {
  const text = '"><script>\'&'
  expect(html`<p title="${text}">${text}</p>`.text).toBe('<p title="&quot;&gt;&lt;script&gt;&#39;&amp;">&quot;&gt;&lt;script&gt;&#39;&amp;</p>')
})

it('takes markup as it is, lists joined, and nothing for what is not there', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`)
  expect(html`<ul>${items}</ul>`.text).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>')
  expect(html`${[['a', ['<', html`<br>`]], null]}`.text).toBe('a&lt;<br>')
  expect(html`[${null}${undefined}${false}${''}]`.text).toBe('[]')
  expect(html`${0}, ${-1.5}`.text).toBe('0, -1.5')
  expect(html`${trusted('<hr>')}`.text).toBe('<hr>')
  expect(html`plain`).toBeInstanceOf(Html)
})
