import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signSessionToken } from '../platform/http/tokens/session-token.ts';
import { PUBLIC_URL, TestGateway } from './testing/gateway-kit.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'ES256' }] };
const tokenOf = (sessionId: string, userId = 'u1', issuer = PUBLIC_URL) =>
  signSessionToken(
    { kid: 'k1', privateKey },
    {
      sessionId,
      userId,
      userRevision: 3,
      endsAt: Date.now() + 60_000,
      issuer,
      role: 'customer',
      at: Date.now(),
    },
  );
const cookie = (token: string) => ({ cookie: `theme=dark; orderstream_access=${token}` });

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await TestGateway.start({ rateLimit: { requests: 3, perSeconds: 60 } });
  gateway.command.answer = ({ url }, res) => {
    if (url === '/.well-known/jwks.json') res.end(JSON.stringify(jwks));
    else res.writeHead(201, { 'orderstream-position': '41' }).end();
  };
});
afterEach(() => gateway.stop());

describe('the gateway knows a session by the published keys', () => {
  it('by its cookie or by Authorization, also after a refresh', async () => {
    await gateway.post('/api/v1/orders', {}, cookie(tokenOf('s1')));
    await gateway.get('/api/v1/orders', { authorization: `Bearer ${tokenOf('s1')}` });
    expect(gateway.query.last.headers['orderstream-last-write']).toBe('41');
    await gateway.get('/api/v1/orders', cookie(tokenOf('s2')));
    expect(gateway.query.last.headers).not.toHaveProperty('orderstream-last-write');
  });

  it('and counts the requests of all sessions of a user together', async () => {
    for (const session of ['s1', 's2', 's3'])
      expect((await gateway.get('/api/v1/orders', cookie(tokenOf(session)))).status).toBe(200);
    expect((await gateway.get('/api/v1/orders', cookie(tokenOf('s4')))).status).toBe(429);
    expect((await gateway.get('/api/v1/orders', cookie(tokenOf('s5', 'u2')))).status).toBe(200);
  });

  it('but not by a token of another issuer, and forwards that for the API to reject', async () => {
    await gateway.post('/api/v1/orders', {}, cookie(tokenOf('s1')));
    await gateway.get('/api/v1/orders', cookie(tokenOf('s1', 'u1', 'https://elsewhere.example')));
    expect(gateway.query.last.headers).not.toHaveProperty('orderstream-last-write');
    expect(gateway.query.last.headers.cookie).toContain('orderstream_access=');
  });

  it('and forwards its requests while the keys cannot be loaded', async () => {
    gateway.command.answer = (_got, res) => res.writeHead(500).end('not JSON');
    expect((await gateway.get('/api/v1/orders', cookie(tokenOf('s1')))).status).toBe(200);
    expect(gateway.errors).toEqual([]);
  });
});
