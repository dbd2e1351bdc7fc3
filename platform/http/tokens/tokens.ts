import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { Unauthorized } from '../response/errors.ts';
import type { Role } from '../route.ts';
import { checkToken, type TokenRules } from './check-token.ts';
import type { EndedSessions } from './ended-sessions.ts';
import { checkSessionToken, looksLikeSessionToken, type SessionTokenRules } from './session-token.ts';
import type { VerifiedToken } from './verified-token.ts';

export interface NewToken extends Pick<TokenRules, 'tokenIssuer' | 'tokenAudience'> {
  readonly sub: string;
  readonly role: Role;
  readonly lifetimeSeconds?: number;
}

/** Returns a JWT (HS256) for `sub`, valid for `lifetimeSeconds` from now; default an hour. */
export const signToken = (
  secret: KeyObject,
  { sub, role, lifetimeSeconds = 3600, tokenIssuer, tokenAudience }: NewToken,
): string =>
  jwt.sign(
    {
      sub,
      role,
      ...(tokenIssuer !== undefined && { iss: tokenIssuer }),
      ...(tokenAudience !== undefined && { aud: tokenAudience }),
    },
    secret,
    { algorithm: 'HS256', expiresIn: lifetimeSeconds },
  );

/**
 * Returns the caller of a token and its expiry; a promise only when a key must be loaded first. Throws, or rejects with,
 * `Unauthorized`.
 */
export type VerifyToken = (token: string) => VerifiedToken | Promise<VerifiedToken>;

/** How access tokens of sessions are verified. */
export interface SessionRules extends SessionTokenRules {
  readonly ended: EndedSessions;
}

/** Maximum number of characters of all cached tokens. 10,000 of our tokens take a third of it; others may be longer. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

interface VerifierOptions extends TokenRules {
  /** Without them, access tokens of sessions are rejected. */
  readonly sessions?: SessionRules | undefined;
}

/**
 * Creates a verifier of machine tokens and access tokens. It caches valid tokens until they expire, since a caller sends the
 * same token with each request; whether a session has ended is checked each time.
 */
export function createTokenVerifier(
  secret: KeyObject,
  { sessions, ...rules }: VerifierOptions = {},
  { remember = 10_000, characters = MAX_CHARACTERS } = {},
): VerifyToken {
  const cache = new LRUCache<string, VerifiedToken>({
    max: remember,
    maxSize: characters,
    sizeCalculation: (_, token) => token.length,
  });
  const active = (verified: VerifiedToken): VerifiedToken => {
    if (verified.session !== undefined && sessions?.ended.hasEnded(verified.session))
      throw new Unauthorized('the session of the token has ended, or its role has changed');
    return verified;
  };
  const keep = (token: string, verified: VerifiedToken): VerifiedToken => {
    cache.set(token, verified);
    return active(verified);
  };
  return (token) => {
    const known = cache.get(token);
    if (known !== undefined) {
      if (Date.now() < known.expiresAt) return active(known);
      cache.delete(token);
      throw new Unauthorized('the token has expired');
    }
    if (sessions === undefined || !looksLikeSessionToken(token))
      return keep(token, checkToken(token, secret, rules));
    const verified = checkSessionToken(token, sessions, rules.subject);
    return verified instanceof Promise
      ? verified.then((loaded) => keep(token, loaded))
      : keep(token, verified);
  };
}

/** Returns the token of `Authorization: Bearer …`. Throws `Unauthorized`. */
export function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined) throw new Unauthorized('a token is needed: Authorization: Bearer …');
  const [, token] = /^Bearer +([^\s]+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw new Unauthorized('Authorization must be: Bearer, a space, and the token');
  return token;
}
