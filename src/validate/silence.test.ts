import { expect, it } from 'vitest'
import { Silence } from './silence.ts'

const unanswered = Object.assign(new Error('no answer within 10000 ms'), { code: 'timeout' })
const closed = Object.assign(new Error('the connection ended'), { code: 'closed' })

it('is certain when nothing was answered twice in a row', () => {
  const silence = new Silence()
  silence.count(unanswered)
  expect(silence.isCertain).toBe(false)
  silence.count(unanswered)
  expect(silence.isCertain).toBe(true)
})

it('is none where an answer, or the end of a connection, came between', () => {
  for (const between of [undefined, closed, new Error('refused')]) {
    const silence = new Silence()
    silence.count(unanswered)
    silence.count(between)
    silence.count(unanswered)
    expect(silence.isCertain).toBe(false)
  }
})
