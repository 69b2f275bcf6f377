import { expect, test } from 'vitest'
import { iamToken } from './iam-token.ts'

const base = {
  credentials: { accessKeyId: 'accessKey', secretAccessKey: 'secretKey' },
  region: 'eu-west-1',
  cache: 'my-cache',
  user: 'user123',
  serverless: true,
  atMillis: Date.UTC(2024, 7, 2, 12, 11, 50),
}

test('the published vector', () => {
  expect(iamToken(base)).toBe(
    'my-cache/?Action=connect&ResourceType=ServerlessCache&User=user123&X-Amz-Algorithm=AWS4-HMAC-SHA256' +
      '&X-Amz-Credential=accessKey%2F20240802%2Feu-west-1%2Felasticache%2Faws4_request&X-Amz-Date=20240802T121150Z&X-Amz-Expires=900' +
      '&X-Amz-SignedHeaders=host&X-Amz-Signature=5dda5db919b1337db6596b2a608924bc10197fb39289b933b60bdb114d5a70dc',
  )
})

test('the cache name is lower-cased, a node-based cache has no resource type, a session token is signed in order', () => {
  const token = iamToken({ ...base, cache: 'My-Cache', serverless: false, credentials: { ...base.credentials, sessionToken: "a/b+c='(*)" } })
  expect(token).toMatch(/^my-cache\/\?Action=connect&User=user123&/)
  expect(token).toContain('&X-Amz-Expires=900&X-Amz-Security-Token=a%2Fb%2Bc%3D%27%28%2A%29&X-Amz-SignedHeaders=host&X-Amz-Signature=')
})

test('every part changes the signature', () => {
  const variants = [
    base,
    { ...base, user: 'user124' },
    { ...base, region: 'eu-west-2' },
    { ...base, cache: 'my-cache2' },
    { ...base, serverless: false },
    { ...base, atMillis: base.atMillis + 1000 },
    { ...base, credentials: { ...base.credentials, secretAccessKey: 'secretKez' } },
  ]
  expect(new Set(variants.map((variant) => iamToken(variant).slice(-64))).size).toBe(variants.length)
})
