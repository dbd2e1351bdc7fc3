import { createHmac } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkToken, type TokenRules } from './check-token.ts';
import { secretKey } from './secret-key.ts';
import { signToken } from './tokens.ts';

const secret = secretKey('0123456789abcdef0123456789abcdef');
const now = Math.floor(Date.now() / 1000);
const claims = { sub: 'ann', role: 'customer', iat: now, exp: now + 60 };

/** Returns a token with a valid signature, these header fields and these claims. */
const tokenWith = (header: object, more: object = {}) =>
  jwt.sign({ ...claims, ...more }, secret, {
    algorithm: 'HS256',
    header: { alg: 'HS256', ...header },
  });
const errorOf = (token: string, rules: TokenRules = {}) => {
  try {
    checkToken(token, secret, rules);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('a token header', () => {
  it.each([
    [{ crit: ['cnf-bound'] }, 'crit'],
    [{ crit: [] }, 'crit'],
    [{ crit: 'exp' }, 'crit'],
    [{ crit: ['b64'], b64: true }, 'crit'],
    [{ b64: true }, 'b64'],
    [{ cty: 'JWT' }, 'cty'],
    [{ typ: 'at+jwt' }, 'typ'],
    [{ typ: 'JWS' }, 'typ'],
    [{ typ: '' }, 'typ'],
    [{ typ: null }, 'typ'],
    [{ typ: ['JWT'] }, 'typ'],
  ])('with %j is rejected and the error names the field', (header, field) => {
    expect(errorOf(tokenWith(header))).toContain(field);
  });

  it.each([{}, { typ: 'JWT' }, { typ: 'jwt' }, { typ: 'application/JWT' }, { kid: 'k-1' }])(
    'with %j is accepted',
    (header) => {
      expect(errorOf(tokenWith(header))).toBe('accepted');
    },
  );

  it('without typ is accepted', () => {
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const bare = jwt.sign(JSON.stringify(claims), secret, { header: { alg: 'HS256', typ: undefined } });
    expect(bare.split('.')[0]).toBe(encoded({ alg: 'HS256' }));
    expect(errorOf(bare)).toBe('accepted');
  });
});

describe('a token with a name twice in one object', () => {
  /** Returns a token with a valid signature over these texts. */
  const signed = (header: string, payload: string) => {
    const parts = [header, payload].map((text) => Buffer.from(text).toString('base64url')).join('.');
    return `${parts}.${createHmac('sha256', secret).update(parts).digest('base64url')}`;
  };
  const header = '{"alg":"HS256","typ":"JWT"}';
  const payload = JSON.stringify(claims);

  it('has another error than one whose payload is no JSON', () => {
    expect(errorOf(signed(header, '"'))).toBe('the token is not valid');
  });

  it('differs from one without, which is accepted', () => {
    expect(errorOf(signed(header, payload))).toBe('accepted');
  });

  it.each([
    ['header', '{"alg":"HS256","alg":"HS256"}', payload, 'alg'],
    ['header', '{"alg":"none","\\u0061lg":"HS256"}', payload, 'alg'],
    ['payload', header, payload.replace('{', '{"role":"admin",'), 'role'],
    ['payload', header, payload.replace('{', '{"sub":"bob",'), 'sub'],
    ['payload', header, payload.replace('{', '{"more":[{"a":1,"a":1}],'), 'a'],
  ])('is rejected for its %s: %s %s', (part, itsHeader, itsPayload, name) => {
    expect(errorOf(signed(itsHeader, itsPayload))).toBe(
      `the token's ${part} has "${name}" twice in one object`,
    );
  });
});

describe('the audience and the issuer', () => {
  const ours = { tokenAudience: 'orderstream', tokenIssuer: 'https://login.example' };
  it.each([
    ['an audience where none is configured', { aud: 'newsletter-service' }, {}, 'aud'],
    ['an empty list of audiences', { aud: [] }, {}, 'aud'],
    ['an audience that is no text', { aud: 7 }, {}, 'aud'],
    ['an audience that is null', { aud: null }, {}, 'aud'],
    ['no audience where one is configured', { iss: ours.tokenIssuer }, ours, 'aud'],
    ['another audience', { iss: ours.tokenIssuer, aud: 'Orderstream' }, ours, 'aud'],
    ['other audiences', { iss: ours.tokenIssuer, aud: ['a', 'b'] }, ours, 'aud'],
    ['no issuer where one is configured', { aud: 'orderstream' }, ours, 'iss'],
    ['another issuer', { aud: 'orderstream', iss: 'https://login.example/' }, ours, 'iss'],
    ['an issuer that is no text', { iss: 1 }, {}, 'iss'],
  ])('%s is rejected', (_, more, rules, claim) => {
    expect(errorOf(tokenWith({}, more), rules)).toContain(claim);
  });

  it.each([
    ['one audience', 'orderstream'],
    ['the audience among others', ['newsletter-service', 'orderstream']],
  ])('%s that is configured is accepted', (_, aud) => {
    expect(errorOf(tokenWith({}, { iss: ours.tokenIssuer, aud }), ours)).toBe('accepted');
  });

  it('any issuer is accepted where none is configured', () => {
    expect(errorOf(tokenWith({}, { iss: 'anybody' }))).toBe('accepted');
  });

  it('signToken sets issuer and audience', () => {
    expect(errorOf(signToken(secret, { sub: 'ann', role: 'customer', ...ours }), ours)).toBe('accepted');
  });
});

describe('the other claims', () => {
  it.each([
    ['exp in the past', { exp: now - 1 }],
    ['exp a fraction of a second ago', { exp: Date.now() / 1000 - 0.05 }],
    ['exp as text', { exp: `${now + 60}` }],
    ['nbf in the future', { nbf: now + 30 }],
    ['nbf as text', { nbf: 'soon' }],
    ['a key that the sender is to prove', { cnf: { jkt: 'x' } }],
    ['an unknown role', { role: 'root' }],
    ['a sub that is no text', { sub: 7 }],
  ])('%s is rejected', (_, more) => {
    // Signed by hand: the library does not sign some of these claims.
    const payload = Buffer.from(JSON.stringify({ ...claims, ...more })).toString('base64url');
    const token = jwt.sign(Buffer.from(payload, 'base64url').toString(), secret, {
      header: { alg: 'HS256' },
    });
    expect(errorOf(token)).not.toBe('accepted');
  });

  it('a fraction of a second in exp counts, and claims that restrict nothing are ignored', () => {
    expect(errorOf(tokenWith({}, { exp: now + 60.5, nbf: now - 0.5, jti: '1', locale: 'de' }))).toBe(
      'accepted',
    );
  });

  it('a sub that does not match the schema is rejected with what is allowed', () => {
    const subject = z.string().regex(/^[a-z]+$/, 'only small letters are allowed');
    expect(errorOf(tokenWith({}, { sub: 'Ann Lee' }), { subject })).toBe(
      'the token\'s sub cannot be used: only small letters are allowed, not "Ann Lee"',
    );
    expect(errorOf(tokenWith({}), { subject })).toBe('accepted');
  });
});
