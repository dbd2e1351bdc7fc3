import type { IncomingMessage } from 'node:http';
import type { Access } from '../route.ts';
import type { SessionCookies } from './session-cookies.ts';
import { bearerToken, type VerifyToken } from './tokens.ts';
import type { VerifiedToken } from './verified-token.ts';

/**
 * Returns the verified token of a request; undefined when the route permits that there is none. Synchronous whenever possible,
 * since each request pays for an await. Throws, or rejects with, `Unauthorized`.
 */
export type Authenticate = (req: IncomingMessage) => VerifiedToken | undefined | Promise<VerifiedToken>;

/** Creates the authentication of a route: by `Authorization: Bearer`, else by the cookie. */
export function createAuthentication(
  verify: VerifyToken,
  { accessToken }: Pick<SessionCookies, 'accessToken'>,
  access: Access,
): Authenticate {
  if (access === 'public') return () => undefined;
  return ({ headers: { authorization, cookie } }) => {
    const fromCookie = authorization === undefined ? accessToken(cookie) : undefined;
    if (fromCookie !== undefined) return verify(fromCookie);
    if (authorization === undefined && access === 'optional') return undefined;
    return verify(bearerToken(authorization));
  };
}
