import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { Unauthorized } from '../response/errors.ts';
import { type Role, roles } from '../route.ts';
import { rejectRepeatedNames, rejectUnsupportedFields, subjectIn, verifySignature } from './check-token.ts';
import type { TokenSession, VerifiedToken } from './verified-token.ts';

export const SESSION_AUDIENCE = 'orderstream';
/** ASVS 5.0, 9.2.2: the type tells access tokens from other tokens that the same key signs (RFC 9068, 2.1). */
const TYPE = 'at+jwt';
const SESSION_TYPE = /^(application\/)?at\+jwt$/i;
const ALGORITHM = 'ES256';

/** Lifetime of an access token in seconds. */
export const ACCESS_SECONDS = 15 * 60;

export interface NewSessionToken extends TokenSession {
  readonly issuer: string;
  readonly role: Role;
  /** Time of issue in milliseconds since the epoch. */
  readonly at: number;
}

/** Returns an access token, signed by this key (P-256). */
export function signSessionToken(
  { kid, privateKey }: { readonly kid: string; readonly privateKey: KeyObject },
  { issuer, role, at, sessionId, userId, userRevision, endsAt }: NewSessionToken,
): string {
  const iat = Math.floor(at / 1000);
  const claims = { sub: userId, role, sid: sessionId, rev: userRevision, iat, exp: iat + ACCESS_SECONDS };
  return jwt.sign({ ...claims, iss: issuer, aud: SESSION_AUDIENCE, session_exp: endsAt / 1000 }, privateKey, {
    algorithm: ALGORITHM,
    header: { alg: ALGORITHM, typ: TYPE, kid },
  });
}

/** The public keys by which access tokens are verified. */
export interface SessionKeys {
  /** Returns the key with this id, undefined when there is none; a promise when the keys must be loaded first. */
  find(kid: string): KeyObject | undefined | Promise<KeyObject | undefined>;
}

export interface SessionTokenRules {
  readonly keys: SessionKeys;
  /** Required value of `iss`: `PUBLIC_URL`. */
  readonly issuer: string;
}

const Payload = z.object({
  iss: z.string(),
  aud: z.string(),
  sub: z.string(),
  role: z.enum(roles),
  sid: z.string().min(1),
  rev: z.int().min(0),
  iat: z.number(),
  exp: z.number(),
  session_exp: z.number(),
});

/** Returns whether the token claims to be signed like an access token. Its signature is not checked. */
export const looksLikeSessionToken = (token: string): boolean => headerOf(token)?.alg === ALGORITHM;

/**
 * Returns the caller of an access token that is valid now; a promise when its key must be loaded. The key comes from the key
 * store alone: `jku`, `x5u` and `jwk` in the header are never used (ASVS 5.0, 9.1.3). Throws, or rejects with, `Unauthorized`.
 */
export function checkSessionToken(
  token: string,
  { keys, issuer }: SessionTokenRules,
  subject: z.ZodType<string> | undefined,
): VerifiedToken | Promise<VerifiedToken> {
  const kid = headerOf(token)?.kid;
  if (typeof kid !== 'string') throw new Unauthorized("the token's header has no kid");
  const check = (key: KeyObject | undefined) => {
    if (key === undefined) throw new Unauthorized("the token's key (kid) is not known");
    return checkWithKey(token, key, issuer, subject);
  };
  const key = keys.find(kid);
  return key instanceof Promise ? key.then(check) : check(key);
}

function checkWithKey(
  token: string,
  key: KeyObject,
  issuer: string,
  subject: z.ZodType<string> | undefined,
): VerifiedToken {
  const { header, payload } = verifySignature(token, key, ALGORITHM);
  rejectUnsupportedFields(header);
  const { typ } = header;
  if (typeof typ !== 'string' || !SESSION_TYPE.test(typ))
    throw new Unauthorized(`the token's header has another typ than ${TYPE}`);
  const parsed = Payload.safeParse(payload);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? 'payload')))];
    throw new Unauthorized(`the token has no valid ${names.join(', ')}`);
  }
  rejectRepeatedNames(token);
  const { iss, aud, sub, role, sid, rev, exp, session_exp } = parsed.data;
  if (exp * 1000 <= Date.now()) throw new Unauthorized('the token has expired');
  if (iss !== issuer) throw new Unauthorized("the token's issuer (iss) is not PUBLIC_URL");
  if (aud !== SESSION_AUDIENCE) throw new Unauthorized("the token's audience (aud) is not this API");
  return {
    caller: { sub: subjectIn(sub, subject), role, sessionId: sid },
    expiresAt: exp * 1000,
    session: { sessionId: sid, userId: sub, userRevision: rev, endsAt: session_exp * 1000 },
  };
}

/** Returns the decoded header; undefined when the token is malformed. */
function headerOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const header: unknown = JSON.parse(
      Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString(),
    );
    return typeof header === 'object' && header !== null ? { ...header } : undefined;
  } catch {
    return undefined;
  }
}
