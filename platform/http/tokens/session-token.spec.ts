import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { createKey, createSessions, issuer } from '../testing/sessions.ts';
import { secretKey } from './secret-key.ts';
import { type SessionTokenRules, signSessionToken } from './session-token.ts';
import { createTokenVerifier, signToken } from './tokens.ts';

const secret = secretKey('a secret of thirty-two bytes or more');
const { key, ended, rules, token } = createSessions();
const now = Math.floor(Date.now() / 1000);
const claims = {
  ...{ iss: issuer, aud: 'orderstream', sub: 'ann', role: 'customer', sid: 's-1', rev: 2 },
  ...{ iat: now, exp: now + 900, session_exp: now + 86_400 },
};

/** Returns a token with a valid signature, these claims and this header. */
const tokenWith = (payload: object, header: object = {}, privateKey: KeyObject = key.privateKey) =>
  jwt.sign(JSON.stringify({ ...claims, ...payload }), privateKey, {
    header: { alg: 'ES256', typ: 'at+jwt', kid: 'k-1', ...header },
  });

async function errorOf(text: string, more: Partial<SessionTokenRules> = {}): Promise<string> {
  try {
    await createTokenVerifier(secret, { sessions: { ...rules, ...more } })(text);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

describe('an access token', () => {
  it('names its user, role and session, lives for 15 minutes, and is typed and signed by ES256', () => {
    const at = Date.UTC(2026, 0, 5, 12);
    const text = signSessionToken(key, {
      ...{ issuer, role: 'operator', at, sessionId: 's-1', userId: 'ann', userRevision: 2 },
      endsAt: at + 1_000,
    });
    expect(jwt.decode(text, { complete: true })).toMatchObject({
      header: { alg: 'ES256', typ: 'at+jwt', kid: 'k-1' },
      payload: {
        ...{ iss: issuer, aud: 'orderstream', sub: 'ann', role: 'operator', sid: 's-1', rev: 2 },
        ...{ iat: at / 1000, exp: at / 1000 + 900, session_exp: at / 1000 + 1 },
      },
    });
  });

  it('is accepted, and gives the caller with the session', async () => {
    const verify = createTokenVerifier(secret, { sessions: rules });
    expect(await verify(tokenWith({}))).toEqual({
      caller: { sub: 'ann', role: 'customer', sessionId: 's-1' },
      expiresAt: claims.exp * 1000,
      session: { sessionId: 's-1', userId: 'ann', userRevision: 2, endsAt: claims.session_exp * 1000 },
    });
  });

  it.each([
    ['another issuer', { iss: 'https://login.example' }, 'iss'],
    ['no issuer', { iss: undefined }, 'iss'],
    ['another audience', { aud: 'newsletter' }, 'aud'],
    ['several audiences', { aud: ['orderstream', 'newsletter'] }, 'aud'],
    ['no audience', { aud: undefined }, 'aud'],
    ['an unknown role', { role: 'root' }, 'role'],
    ['no session', { sid: undefined }, 'sid'],
    ['no revision', { rev: undefined }, 'rev'],
    ['an expiry in the past', { exp: now - 1 }, 'expired'],
    ['no expiry', { exp: undefined }, 'exp'],
    ['a start in the future', { nbf: now + 60 }, 'nbf'],
  ])('with %s is rejected', async (_, payload, word) => {
    expect(await errorOf(tokenWith(payload))).toContain(word);
  });

  it.each([
    ['of machine tokens', { typ: 'JWT' }, 'typ'],
    ['of ID tokens', { typ: 'id_token+jwt' }, 'typ'],
    ['missing', { typ: undefined }, 'typ'],
  ])('with the typ %s is rejected', async (_, header, word) => {
    expect(await errorOf(tokenWith({}, header))).toContain(word);
  });

  it.each([
    ['a name twice in its payload', '{"role":"admin",'],
    ['a name twice in its payload, escaped', '{"\\u0072ole":"admin",'],
  ])('with %s is rejected', async (_, start) => {
    const text = jwt.sign(JSON.stringify(claims).replace('{', start), key.privateKey, {
      header: { alg: 'ES256', typ: 'at+jwt', kid: 'k-1' },
    });
    expect(await errorOf(text)).toContain('twice');
  });
});

describe('the key of an access token', () => {
  const stranger = createKey('k-1');

  it('is found by kid in the key store alone', async () => {
    expect(await errorOf(tokenWith({}, {}, stranger.privateKey))).toBe('the token is not valid');
    expect(await errorOf(tokenWith({}, { kid: 'k-9' }))).toContain('kid');
    expect(await errorOf(tokenWith({}, { kid: undefined }))).toContain('kid');
    expect(await errorOf(tokenWith({}, { kid: 7 }))).toContain('kid');
  });

  it('is never taken from jwk, jku, x5u or x5c in the header', async () => {
    const header = {
      jwk: stranger.publicKey.export({ format: 'jwk' }),
      jku: 'https://evil.example/jwks.json',
      x5u: 'https://evil.example/cert.pem',
      x5c: ['MIIB'],
    };
    expect(await errorOf(tokenWith({}, header, stranger.privateKey))).toBe('the token is not valid');
  });

  it('is loaded when it is not known yet', async () => {
    expect(await errorOf(tokenWith({}), { keys: { find: async () => key.publicKey } })).toBe('accepted');
    expect(await errorOf(tokenWith({}), { keys: { find: async () => undefined } })).toContain('kid');
  });

  it('is no key for HS256: neither the public key nor an empty one', async () => {
    const pem = key.publicKey.export({ format: 'pem', type: 'spki' });
    for (const bytes of [Buffer.from(pem), Buffer.from('x')]) {
      const text = jwt.sign(claims, createSecretKey(bytes), {
        header: { alg: 'HS256', typ: 'at+jwt', kid: 'k-1' },
      });
      expect(await errorOf(text)).toBe('the token is not valid');
    }
  });

  it('does not sign by alg none', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'none', typ: 'at+jwt', kid: 'k-1' })}.${part(claims)}.`;
    expect(await errorOf(text)).toBe('the token is not valid');
  });

  it('is needed: an incomplete token is rejected', async () => {
    const [header = '', payload = ''] = tokenWith({}).split('.');
    for (const text of [`${header}.${payload}.`, `${header}.${payload}.AAAA`, `${header}..`, header])
      expect(await errorOf(text)).toBe('the token is not valid');
  });
});

describe('an ended session', () => {
  it('makes its token invalid at once, also one that was verified before', () => {
    const verify = createTokenVerifier(secret, { sessions: rules });
    const text = token('bob');
    expect(verify(text)).toMatchObject({ caller: { sub: 'bob' } });
    ended.end('session-of-bob');
    expect(() => verify(text)).toThrow('the session of the token has ended');
    expect(() => createTokenVerifier(secret, { sessions: rules })(text)).toThrow('ended');
  });
});

describe('beside access tokens', () => {
  it('machine tokens stay valid', () => {
    const verify = createTokenVerifier(secret, { sessions: rules });
    expect(verify(signToken(secret, { sub: 'ann', role: 'operator' }))).toMatchObject({
      caller: { sub: 'ann', role: 'operator' },
    });
  });

  it('an API without sessions rejects access tokens', () => {
    expect(() => createTokenVerifier(secret)(tokenWith({}))).toThrow('the token is not valid');
  });
});
