import type { ProbeTls } from '../client/tls-options.ts'
import { readPemFile } from './read-pem-file.ts'
import type { UrlTls } from './url/target-url.ts'

/** The files that a URL names, read. Throws `UsageError` that names the file and why it can't be read. */
export function endpointTls(tls: UrlTls): ProbeTls {
  const { caFile, certFile, keyFile, serverName, insecure } = tls
  return {
    rejectUnauthorized: !insecure,
    ...(caFile === undefined ? {} : { ca: readPemFile('ca=', caFile) }),
    ...(certFile === undefined ? {} : { cert: readPemFile('cert=', certFile) }),
    ...(keyFile === undefined ? {} : { key: readPemFile('key=', keyFile) }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  }
}
