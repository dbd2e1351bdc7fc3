import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { Unauthorized } from './errors.ts';
import { type Caller, type Role, roles } from './route.ts';

/** Who a token may be for. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
export const subject = /^[^\u0000-\u001f\u007f]{1,128}$/;

const Claims = z.object({
  sub: z.string().regex(subject),
  role: z.enum(roles),
  iat: z.number(),
  exp: z.number(),
});

/** Tokens are verified against a key object: with a string jsonwebtoken parses the key at every call. */
export const secretKey = (secret: string): KeyObject => createSecretKey(Buffer.from(secret, 'utf8'));

/** A JWT (HS256) for `sub`, valid for `lifetimeSeconds` from now. */
export const signToken = (
  secret: KeyObject,
  {
    sub,
    role,
    lifetimeSeconds = 3600,
  }: { readonly sub: string; readonly role: Role; readonly lifetimeSeconds?: number },
): string => jwt.sign({ sub, role }, secret, { algorithm: 'HS256', expiresIn: lifetimeSeconds });

/** Answers who holds a token; throws `Unauthorized`. */
export type VerifyToken = (token: string) => Caller;

/** Characters of all tokens that are remembered: 10,000 of ours take a third of it, others' may be as long as a header. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

/** Remembers the last tokens that it found good, until they expire: a caller sends the same one again and again. */
export function tokenVerifier(
  secret: KeyObject,
  { remember = 10_000, characters = MOST_CHARACTERS } = {},
): VerifyToken {
  const verified = new LRUCache<string, { readonly caller: Caller; readonly expiresAt: number }>({
    max: remember,
    maxSize: characters,
    sizeCalculation: (_, token) => token.length,
  });
  return (token) => {
    const known = verified.get(token);
    if (known !== undefined) {
      if (Date.now() < known.expiresAt) return known.caller;
      verified.delete(token);
      throw new Unauthorized('the token has expired');
    }
    const { sub, role, exp } = claimsOf(token, secret);
    const caller = { sub, role };
    verified.set(token, { caller, expiresAt: exp * 1000 });
    return caller;
  };
}

/** The token of `Authorization: Bearer …`; throws `Unauthorized`. */
export function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined) throw new Unauthorized('a token is needed: Authorization: Bearer …');
  const [, token] = /^Bearer +([^\s]+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw new Unauthorized('Authorization is to be: Bearer, a space, and the token');
  return token;
}

function claimsOf(token: string, secret: KeyObject): z.output<typeof Claims> {
  let payload: unknown;
  try {
    payload = jwt.verify(token, secret, { algorithms: ['HS256'] });
  } catch (error) {
    throw new Unauthorized(
      error instanceof jwt.TokenExpiredError ? 'the token has expired' : 'the token is not valid',
    );
  }
  const claims = Claims.safeParse(payload);
  if (!claims.success)
    throw new Unauthorized('the token lacks one of sub, role, iat and exp, or one is not valid');
  return claims.data;
}
