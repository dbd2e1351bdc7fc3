import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { Unauthorized } from '../response/errors.ts';
import type { Role } from '../route.ts';
import { checkToken, type TokenRules, type VerifiedToken } from './check-token.ts';

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

/** Maximum number of characters of all cached tokens. 10,000 of our tokens take a third of it; others may be longer. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

/** Creates a verifier that caches valid tokens until they expire, since a caller sends the same token with each request. */
export function createTokenVerifier(
  secret: KeyObject,
  rules: TokenRules = {},
  { remember = 10_000, characters = MAX_CHARACTERS } = {},
): (token: string) => VerifiedToken {
  const cache = new LRUCache<string, VerifiedToken>({
    max: remember,
    maxSize: characters,
    sizeCalculation: (_, token) => token.length,
  });
  return (token) => {
    const known = cache.get(token);
    if (known !== undefined) {
      if (Date.now() < known.expiresAt) return known;
      cache.delete(token);
      throw new Unauthorized('the token has expired');
    }
    const verified = checkToken(token, secret, rules);
    cache.set(token, verified);
    return verified;
  };
}

/** Returns the token of `Authorization: Bearer …`. Throws `Unauthorized`. */
export function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined) throw new Unauthorized('a token is needed: Authorization: Bearer …');
  const [, token] = /^Bearer +([^\s]+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw new Unauthorized('Authorization must be: Bearer, a space, and the token');
  return token;
}
