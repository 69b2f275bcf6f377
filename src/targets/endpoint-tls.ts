import { readFileSync } from 'node:fs'
import type { ProbeTls } from '../client/tls-options.ts'
import { UsageError } from '../runtime/usage-error.ts'
import type { UrlTls } from './url/target-url.ts'

/** The files that a URL names, read. Throws `UsageError` that names the file and why it can't be read. */
export function endpointTls(tls: UrlTls): ProbeTls {
  const { caFile, certFile, keyFile, serverName, insecure } = tls
  return {
    rejectUnauthorized: !insecure,
    ...(caFile === undefined ? {} : { ca: pem('ca', caFile) }),
    ...(certFile === undefined ? {} : { cert: pem('cert', certFile) }),
    ...(keyFile === undefined ? {} : { key: pem('key', keyFile) }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  }
}

function pem(parameter: string, file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${parameter}=${file} can't be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`)
  }
  if (!text.includes('-----BEGIN ')) throw new UsageError(`${parameter}=${file} is not a PEM file`, 'It must begin with -----BEGIN.')
  return text
}
