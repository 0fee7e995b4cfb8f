import { describe, expect, it } from 'vitest'
import { isMutating } from '#companion/proxy/mutating.ts'

const url = 'https://shop.example/items/7'

describe('a request is mutating', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPPATCH', 'get', 'ANYTHING', ''])(
    'by its method: %s',
    (method) => {
      expect(isMutating(method, url, {})).toBe(true)
    },
  )

  it.each(['x-http-method-override', 'x-method-override', 'x-http-method'])(
    'by a header that names another method: %s',
    (name) => {
      expect(isMutating('GET', url, { [name]: 'DELETE' })).toBe(true)
      expect(isMutating('OPTIONS', url, { [name]: '' })).toBe(true)
    },
  )

  it.each(['?_method=delete', '?a=1&_method=PUT', '?%5Fmethod=delete', '?_method'])(
    'by its query: %s',
    (query) => {
      expect(isMutating('GET', `${url}${query}`, {})).toBe(true)
    },
  )

  it.each(['GET', 'HEAD', 'OPTIONS', 'CONNECT'])('and is not with %s alone', (method) => {
    expect(isMutating(method, url, { accept: '*/*' })).toBe(false)
    expect(isMutating(method, `${url}?method=delete&my_method=x`, {})).toBe(false)
  })
})
