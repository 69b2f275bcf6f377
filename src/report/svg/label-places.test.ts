import { expect, it } from 'vitest'
import { labelPlaces } from './label-places.ts'

const frame = { left: 0, right: 400, top: 0, bottom: 200 }

it('writes to the right where that is free', () => {
  expect(labelPlaces([{ x: 50, y: 50, text: 'cache-aside' }], frame)[0]).toMatchObject({ x: 60, anchor: 'start' })
})

it('stays in its frame', () => {
  expect(labelPlaces([{ x: 390, y: 50, text: 'cache-aside' }], frame)[0]!.anchor).toBe('end')
})

it('covers neither another label nor a point', () => {
  const close = [0, 1, 2].map((index) => ({ x: 150 + 12 * index, y: 100, text: `alternative ${index}` }))
  const boxes = labelPlaces(close, frame).map(({ x, y, anchor }, index) => {
    const width = close[index]!.text.length * 7
    const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
    return { left, right: left + width, top: y - 10, bottom: y + 2 }
  })
  const apart = (a: (typeof boxes)[number], b: (typeof boxes)[number]) =>
    a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top
  for (const [index, box] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) expect(apart(box, other)).toBe(true)
    for (const { x, y } of close) expect(apart(box, { left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 })).toBe(true)
  }
})
