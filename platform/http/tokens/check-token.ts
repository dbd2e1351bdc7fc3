import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { repeatedName } from '../request/repeated-name.ts';
import { notValue } from '../request/validate.ts';
import { Unauthorized } from '../response/errors.ts';
import { roles } from '../route.ts';
import type { VerifiedToken } from './verified-token.ts';

/** What a token must fulfil besides a valid signature. */
export interface TokenRules {
  /** Schema of `sub`; any text when absent. */
  readonly subject?: z.ZodType<string> | undefined;
  /** Required value of `iss`, when set. */
  readonly tokenIssuer?: string | undefined;
  /** Value that `aud` must name. When not set, a token with an `aud` is rejected. */
  readonly tokenAudience?: string | undefined;
}

const Payload = z.object({
  sub: z.string(),
  role: z.enum(roles),
  iat: z.number(),
  exp: z.number(),
  nbf: z.number().optional(),
  iss: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  // Binds the token to a key of the sender (RFC 7800); this API does not check such proofs.
  cnf: z.undefined().optional(),
});

/** Returns the caller of a machine token that is valid now, and its expiry. Throws `Unauthorized`, also for a restriction it does not support. */
export function checkToken(token: string, secret: KeyObject, rules: TokenRules): VerifiedToken {
  const { header, payload } = verifySignature(token, secret, 'HS256');
  rejectUnsupportedFields(header);
  checkType(header);
  const parsed = Payload.safeParse(payload);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? 'payload')))];
    throw new Unauthorized(`the token has no valid ${names.join(', ')}: sub, role, iat and exp are needed`);
  }
  rejectRepeatedNames(token);
  const { sub, role, exp, iss, aud } = parsed.data;
  // `exp` may have a fraction; the library compares whole seconds only.
  if (exp * 1000 <= Date.now()) throw new Unauthorized('the token has expired');
  checkIssuer(iss, rules.tokenIssuer);
  checkAudience(aud, rules.tokenAudience);
  return { caller: { sub: subjectIn(sub, rules.subject), role }, expiresAt: exp * 1000 };
}

/** Returns `sub`. Throws `Unauthorized` when the schema rejects it. */
export function subjectIn(sub: string, schema: z.ZodType<string> | undefined): string {
  const subject = schema?.safeParse(sub);
  if (subject?.success === false)
    throw new Unauthorized(
      `the token's sub cannot be used: ${subject.error.issues[0]?.message}${notValue(sub)}`,
    );
  return sub;
}

interface SignedParts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: unknown;
}

/** Returns the parts of a token with a valid signature by this algorithm alone, within its `exp` and `nbf`. Throws `Unauthorized`. */
export function verifySignature(token: string, key: KeyObject, algorithm: 'HS256' | 'ES256'): SignedParts {
  try {
    const { header, payload } = jwt.verify(token, key, { algorithms: [algorithm], complete: true });
    return { header: { ...header }, payload };
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) throw new Unauthorized('the token has expired');
    if (error instanceof jwt.NotBeforeError) throw new Unauthorized('the token is not valid yet (nbf)');
    throw new Unauthorized('the token is not valid');
  }
}

/** Throws `Unauthorized` for a name that is given twice, since parsers differ in the value that they keep (RFC 7515, 4; RFC 7519, 4). */
export function rejectRepeatedNames(token: string): void {
  const [header = '', payload = ''] = token.split('.');
  for (const [part, encoded] of Object.entries({ header, payload })) {
    const name = repeatedName(Buffer.from(encoded, 'base64url').toString())?.at(-1);
    if (name !== undefined)
      throw new Unauthorized(
        `the token's ${part} has ${JSON.stringify(String(name).slice(0, 80))} twice in one object`,
      );
  }
}

/** Types are media types: case does not matter, and `application/` may be left out (RFC 7515, 4.1.9). */
const jwtType = /^(application\/)?jwt$/i;

/** Header fields that change the meaning of a token and are not supported. */
const unsupportedFields = [
  // Extensions that the recipient must support; an empty list is malformed (RFC 7515, 4.1.11).
  'crit',
  // The payload is not in base64url (RFC 7797).
  'b64',
  // The payload is not a set of claims (RFC 7519, 5.2).
  'cty',
] as const;

/** Throws `Unauthorized` for header fields that change the meaning of a token. */
export function rejectUnsupportedFields(header: Readonly<Record<string, unknown>>): void {
  const unsupported = unsupportedFields.find((name) => Object.hasOwn(header, name));
  if (unsupported !== undefined)
    throw new Unauthorized(`the token's header has ${unsupported}, which is not supported here`);
}

function checkType(header: Readonly<Record<string, unknown>>): void {
  if (!Object.hasOwn(header, 'typ')) return;
  const { typ } = header;
  if (typeof typ !== 'string' || !jwtType.test(typ))
    throw new Unauthorized(`the token's header has another typ than JWT${notValue(typ)}`);
}

function checkIssuer(iss: string | undefined, wanted: string | undefined): void {
  if (wanted !== undefined && iss !== wanted)
    throw new Unauthorized(`the token's issuer (iss) is not the configured one${notValue(iss)}`);
}

function checkAudience(aud: string | readonly string[] | undefined, wanted: string | undefined): void {
  if (aud === undefined && wanted === undefined) return;
  const audiences = typeof aud === 'string' ? [aud] : (aud ?? []);
  if (wanted === undefined || !audiences.includes(wanted))
    throw new Unauthorized("the token's audience (aud) is not this API");
}
