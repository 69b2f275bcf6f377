import { type Runtime, SECOND, type Timer } from '../runtime/runtime.ts'
import type { Login, LoginWords } from './login.ts'

const TRY_AGAIN_NANOS = 60 * SECOND

/**
 * Says who we are again, each time the login asks for it, for as long as a client lives; nothing where a login lasts.
 * A renewal that fails is tried again after a minute: connections that live keep their login till the endpoint cuts them.
 */
export function keepLoggedIn(runtime: Runtime, login: Login, say: (words: LoginWords) => Promise<unknown>): Timer {
  const { renewNanos } = login
  let cancelled = false
  let timer: Timer | undefined
  const wait = (nanos: number) => {
    if (!cancelled) timer = runtime.after(nanos, renew)
  }
  const renew = () => {
    let said: Promise<unknown>
    try {
      said = say(login.words())
    } catch {
      // No credentials at the moment.
      wait(TRY_AGAIN_NANOS)
      return
    }
    said.then(
      () => wait(renewNanos!),
      () => wait(TRY_AGAIN_NANOS),
    )
  }
  if (renewNanos !== undefined) wait(renewNanos)
  return {
    cancel() {
      cancelled = true
      timer?.cancel()
    },
  }
}
