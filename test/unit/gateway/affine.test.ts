import { expect, it } from 'vitest'
import { partsOf } from '#companion/gateway/affine.ts'

it('finds a point in a straight, a turned and a skewed box', () => {
  expect(partsOf([10, 20, 110, 20, 110, 70, 10, 70], { x: 35, y: 45 })).toEqual({ x: 0.25, y: 0.5 })
  expect(partsOf([100, 0, 100, 50, 0, 50, 0, 0], { x: 75, y: 25 })).toEqual({ x: 0.5, y: 0.25 })
  expect(partsOf([0, 0, 100, 0, 150, 100, 50, 100], { x: 75, y: 50 })).toEqual({ x: 0.5, y: 0.5 })
})

it('finds nothing outside, in a box without an area, and in one seen in perspective', () => {
  expect(partsOf([10, 20, 110, 20, 110, 70, 10, 70], { x: 5, y: 45 })).toBeNull()
  expect(partsOf([0, 0, 100, 0, 100, 0, 0, 0], { x: 50, y: 0 })).toBeNull()
  expect(partsOf([0, 0, 100, 0, 80, 100, 20, 100], { x: 50, y: 50 })).toBeNull()
  expect(partsOf([], { x: 0, y: 0 })).toBeNull()
})
