import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { HASH_OF_NOBODY } from '../../platform/passwords/password-hasher.ts';
import { findAccount, hashOfEmail, type UsableAccount } from './account.ts';
import { LogInFailed } from './log-in-failed.ts';
import { endSession, type SessionHttpRequest, startSession } from './session-commands.ts';
import { LoggedIn, tokenResponse } from './session-response.ts';
import type { SessionServices } from './session-services.ts';
import { createDevice, knownDevice } from './tokens/device-cookie.ts';
import { hashOf, parseRefreshToken } from './tokens/refresh-token.ts';

const LogIn = z
  .strictObject({
    email: z.string().min(1).max(320),
    password: z.string().min(1).max(1_000),
    tokens: z
      .literal(true)
      .optional()
      .meta({ description: 'for programs: the refresh token is in the response, and no cookie is set' }),
  })
  .meta({ id: 'LogIn', example: { email: 'ann@example.com', password: 'correct horse battery' } });

const Cookies = z.object({
  'Set-Cookie': z
    .string()
    .optional()
    .meta({ description: 'access and refresh token, unless `tokens` is true' }),
});

export const logIn = (services: SessionServices): Route =>
  defineRoute({
    method: 'post',
    path: '/api/v1/sessions',
    hasOwnLimit: true,
    summary: 'Logs in with e-mail address and password',
    description:
      'Starts a session of at most 90 days, which ends when it is not refreshed for 30 days. The access token lives for 15 minutes; browsers get both tokens as cookies.',
    tag: 'sessions',
    access: 'public',
    body: LogIn,
    responses: { 201: { description: 'logged in', schema: LoggedIn, headers: Cookies } },
    problems: {
      401: 'wrong address or password, or an account that may not be used: the response does not tell which',
      429: 'too many wrong passwords for this address or from this source, or too many log-ins at once; retry after the time in Retry-After',
    },
    handle: async (request) => {
      const { email, password, tokens: inBody = false } = request.body;
      const { keyStore, cookies } = services;
      const tokenKey = await keyStore.secret('tokenKey');
      const emailHash = await hashOfEmail(keyStore, email);
      const device = cookies.device(request.header('cookie'));
      const account = await authenticate(services, request, {
        ...{ emailHash, password, device: knownDevice(tokenKey, emailHash, device) },
      });
      await endReplacedSession(services, request, account);
      const open = await startSession(services, request, account);
      const response = await tokenResponse(services, open, { status: 201, inBody });
      if (response.cookies === undefined) return response;
      const mark = cookies.setDevice(createDevice(tokenKey, emailHash));
      return { ...response, cookies: [...response.cookies, mark] };
    },
  });

interface Credentials {
  readonly emailHash: string;
  readonly password: string;
  readonly device: string | undefined;
}

/** Returns the account. Throws `LogInFailed`, `TooManyRequests` and `PasswordHasherBusy`. */
async function authenticate(
  { store, keyStore, cipher, passwords, lockOut }: SessionServices,
  { clientAddress }: SessionHttpRequest,
  { emailHash, password, device }: Credentials,
): Promise<UsableAccount> {
  // A flood of log-ins must not read the account of each one that there is no room for.
  passwords.throwIfBusy();
  const end = await lockOut.begin({ emailHash, clientAddress, knownDevice: device });
  let account: UsableAccount | undefined;
  let matches: boolean;
  try {
    account = await findAccount(store, keyStore, emailHash);
    const stored = account?.user.password && (await cipher.decrypt(account.user.password));
    matches = await passwords.verify(typeof stored === 'string' ? stored : HASH_OF_NOBODY, password);
  } catch (error) {
    await end('not-checked');
    throw error;
  }
  await end(matches ? 'right' : 'wrong');
  if (account === undefined || !matches) throw new LogInFailed();
  return account;
}

/** A new log-in in the same browser replaces the session of its cookie (ASVS 5.0, 7.2.4). */
async function endReplacedSession(
  services: SessionServices,
  request: SessionHttpRequest,
  { user: { userId, role } }: UsableAccount,
): Promise<void> {
  const text = services.cookies.refreshToken(request.header('cookie'));
  const token = text === undefined ? undefined : parseRefreshToken(text);
  if (token === undefined) return;
  const { sessionId } = token;
  const { state } = await readState(services.store, aggregate('session', sessionId));
  const isIts =
    state.status === 'active' && (state.tokenHash === hashOf(token) || state.spent.has(hashOf(token)));
  if (isIts)
    await endSession(services, request, { sessionId, by: { sub: userId, role }, reason: 'replaced' });
}
