import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../testing/shop-api.ts';
import { type SessionShop, sessionShop } from './testing/session-shop.ts';

let shop: SessionShop;
beforeAll(async () => {
  shop = await sessionShop();
  for (const name of ['ann', 'bob', 'carl', 'dora']) await shop.register(name);
});
afterAll(() => shop.close());

const started = async (name: string, userAgent = 'node') => {
  const { body } = await shop.logIn(name, { headers: { 'user-agent': userAgent } });
  return { token: body.accessToken as string, sessionId: body.refreshToken.slice(0, 36) as string };
};
const list = async (token: string) => {
  const { status, body } = await shop.as(token, 'GET', '/api/v1/sessions');
  return { status, items: body.items };
};

describe('the list of sessions', () => {
  it('has the own ones, newest first, and tells which one asks', async () => {
    const [laptop, phone] = [await started('ann', 'laptop'), await started('ann', 'phone')];
    await started('bob');
    const { items } = await list(laptop.token);
    const time = expect.stringMatching(/^2\d{3}-.*Z$/);
    expect(items).toEqual([
      { sessionId: phone.sessionId, createdAt: time, lastUsedAt: time, userAgent: 'phone', current: false },
      { sessionId: laptop.sessionId, createdAt: time, lastUsedAt: time, userAgent: 'laptop', current: true },
    ]);
  });

  it('has none that has ended', async () => {
    const [one, other] = [await started('carl'), await started('carl')];
    await shop.as(other.token, 'DELETE', '/api/v1/sessions/current');
    expect((await list(one.token)).items).toMatchObject([{ sessionId: one.sessionId }]);
  });

  it('is empty for a machine, which has no session', async () => {
    expect((await list(tokens.operator)).items).toEqual([]);
  });

  it('needs a token', async () => {
    expect((await shop.send('GET', '/api/v1/sessions')).status).toBe(401);
  });
});

// better-auth#4624: the end of a session must end its tokens. Kratos#2921: the wrong session was ended.
describe('logging out', () => {
  it('makes the access token invalid at once, deletes the cookies, and keeps other sessions', async () => {
    const [one, other] = [await started('ann'), await started('ann')];
    const { status, headers } = await shop.as(one.token, 'DELETE', '/api/v1/sessions/current');
    expect(status).toBe(204);
    expect(headers.getSetCookie()).toEqual([
      'orderstream_access=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
      'orderstream_refresh=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
    ]);
    expect([(await list(one.token)).status, (await list(other.token)).status]).toEqual([401, 200]);
  });

  it('is 404 with a machine token', async () => {
    expect((await shop.as(tokens.ann, 'DELETE', '/api/v1/sessions/current')).status).toBe(404);
  });
});

describe('ending one of the own sessions', () => {
  it('ends that one alone, and repeats safely', async () => {
    const [one, other] = [await started('dora'), await started('dora')];
    const end = () => shop.as(one.token, 'DELETE', `/api/v1/sessions/${other.sessionId}`);
    expect([(await end()).status, (await end()).status]).toEqual([204, 204]);
    expect([(await list(one.token)).status, (await list(other.token)).status]).toEqual([200, 401]);
  });

  it('of another user is 404, and ends nothing', async () => {
    const [mine, theirs] = [await started('ann'), await started('bob')];
    expect((await shop.as(mine.token, 'DELETE', `/api/v1/sessions/${theirs.sessionId}`)).status).toBe(404);
    expect((await shop.as(mine.token, 'DELETE', `/api/v1/sessions/${randomUUID()}`)).status).toBe(404);
    expect((await list(theirs.token)).status).toBe(200);
  });

  it('of anybody is allowed to an admin', async () => {
    await shop.register('root');
    await shop.user('root', { type: 'ChangeRole', role: 'admin', by: 'olga' });
    const [admin, theirs] = [await started('root'), await started('bob')];
    expect((await shop.as(admin.token, 'DELETE', `/api/v1/sessions/${theirs.sessionId}`)).status).toBe(204);
    expect((await list(theirs.token)).status).toBe(401);
  });
});

describe('the JWKS', () => {
  it('has the public key of an access token, and nothing secret', async () => {
    const { token } = await started('ann');
    const { status, body, headers } = await shop.send('GET', '/.well-known/jwks.json');
    const kid = jwt.decode(token, { complete: true })?.header.kid;
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
    const coordinate = expect.stringMatching(/^[\w-]{43}$/);
    expect(body).toEqual({
      keys: [{ kty: 'EC', crv: 'P-256', x: coordinate, y: coordinate, kid, use: 'sig', alg: 'ES256' }],
    });
  });
});

it('with https, cookies are Secure and bound to the host, and the issuer is the public address', async () => {
  const secure = await sessionShop({ publicUrl: 'https://shop.example' });
  await secure.register('ann');
  const { body, headers } = await secure.logIn('ann', { tokens: false });
  for (const cookie of headers.getSetCookie()) {
    expect(cookie).toMatch(/^__Host-orderstream_/);
    expect(cookie).toContain('; Path=/; HttpOnly; Secure; SameSite=Lax');
  }
  expect(jwt.decode(body.accessToken)).toMatchObject({ iss: 'https://shop.example', aud: 'orderstream' });
  await secure.close();
});
