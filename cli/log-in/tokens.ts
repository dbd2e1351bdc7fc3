import { CommandFailed, exitCodes } from '../errors.ts';
import { failureOf } from '../http/problems.ts';
import { NoAnswer, sendOnce } from '../http/send-once.ts';
import type { TokenSource } from '../http/server-client.ts';
import type { Credentials, LogIn } from './credentials.ts';

/** Refreshed this long before it expires, in milliseconds: a request takes a while, and clocks differ. */
const EARLY_MS = 30_000;

/** Returns the token that was given on the command line or in the environment. */
export const givenToken = (token: string): TokenSource => ({
  token: async () => token,
  renew: async () => undefined,
});

/** Returns tokens of the stored log-in at a server. Refreshes them, also while other processes do the same. */
export function storedLogIn(server: string, credentials: Credentials, clock = Date.now): TokenSource {
  /** `isUsable` decides under the lock, since another process may have refreshed meanwhile. */
  const refreshUnless = async (isUsable: (logIn: LogIn) => boolean): Promise<string | undefined> => {
    const logIn = await credentials.update(server, async (stored) =>
      stored === undefined || isUsable(stored) ? stored : refresh(server, stored, clock),
    );
    return logIn?.accessToken;
  };
  const isFresh = ({ accessExpiresAt }: LogIn) => accessExpiresAt - clock() > EARLY_MS;
  return {
    token: async () => {
      const stored = await credentials.read(server);
      const token = stored && (isFresh(stored) ? stored.accessToken : await refreshUnless(isFresh));
      if (token === undefined) throw notLoggedIn(server);
      return token;
    },
    renew: (rejected) => refreshUnless(({ accessToken }) => accessToken !== rejected),
  };
}

const notLoggedIn = (server: string) =>
  new CommandFailed(
    exitCodes.notLoggedIn,
    `not logged in at ${server}\nLog in with "orderstream login EMAIL", or give a token with --token or ORDERSTREAM_TOKEN ("orderstream token" prints one).`,
  );

/** What the server answers to a log-in and to a refresh. */
interface SessionAnswer {
  readonly user?: LogIn['user'];
  readonly accessToken: string;
  /** In seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string;
}

/** Returns a stored log-in from the server's answer. */
export const logInOf = (
  body: unknown,
  { email, user, now }: Pick<LogIn, 'email'> & { readonly user?: LogIn['user']; readonly now: number },
): LogIn => {
  const answer = body as SessionAnswer;
  return {
    email,
    user: answer.user ?? user ?? { userId: '', role: '', name: null },
    accessToken: answer.accessToken,
    accessExpiresAt: now + answer.expiresIn * 1_000,
    refreshToken: answer.refreshToken,
  };
};

/** Attempts to refresh. Within 10 s, the server answers a repeated request like the first one. */
const ATTEMPTS = 2;

/** Returns the refreshed log-in; undefined when the session has ended. Throws `CommandFailed`. */
async function refresh(server: string, stored: LogIn, clock: () => number): Promise<LogIn | undefined> {
  const path = '/api/v1/sessions/refresh';
  const request = { method: 'POST', path, body: { refreshToken: stored.refreshToken } } as const;
  for (let attempt = 1; ; attempt++) {
    try {
      const now = clock();
      const answer = await sendOnce(server, request);
      if (answer.status === 200) return logInOf(answer.body, { ...stored, now });
      if (answer.status === 401) return undefined;
      throw failureOf('the log-in could not be renewed', answer);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (attempt === ATTEMPTS || !error.isUnknown)
        throw new CommandFailed(exitCodes.unavailable, `the log-in could not be renewed: ${error.message}`);
    }
  }
}
