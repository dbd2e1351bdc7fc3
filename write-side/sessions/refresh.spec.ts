import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SessionShop, sessionShop } from './testing/session-shop.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3600 * 1000;

let shop: SessionShop;
beforeAll(async () => {
  shop = await sessionShop();
  await shop.register('ann');
  await shop.register('bob');
});
afterAll(() => shop.close());

const NOT_VALID = { status: 401, body: { type: 'urn:orderstream:problem:session-not-valid' } };
const isValid = async (accessToken: string) =>
  (await shop.as(accessToken, 'GET', '/api/v1/sessions')).status === 200;
const started = async (name = 'ann') => {
  const { body } = await shop.logIn(name);
  return body as { accessToken: string; refreshToken: string };
};
const typesOf = (refreshToken: string) => shop.typesOf(`session-${refreshToken.slice(0, 36)}`);

describe('a refresh', () => {
  it('gives a new access token and the next refresh token', async () => {
    const { refreshToken } = await started();
    const { status, body } = await shop.refresh(refreshToken);
    expect([status, body.user.userId, body.expiresIn]).toEqual([200, 'ann', 900]);
    expect(body.refreshToken).not.toBe(refreshToken);
    expect(await isValid(body.accessToken)).toBe(true);
    expect((await shop.refresh(body.refreshToken)).status).toBe(200);
  });

  it('takes the cookie of a browser, and sets both cookies anew', async () => {
    const { cookies } = await shop.logIn('ann', { tokens: false });
    const headers = {
      cookie: `orderstream_refresh=${cookies.orderstream_refresh}`,
      'sec-fetch-site': 'same-origin',
    };
    const { status, body, cookies: next } = await shop.send('POST', '/api/v1/sessions/refresh', { headers });
    expect([status, body.refreshToken]).toEqual([200, undefined]);
    expect(next.orderstream_access).toBe(body.accessToken);
    expect(next.orderstream_refresh).not.toBe(cookies.orderstream_refresh);
  });

  it('with the cookie needs a page of the same origin', async () => {
    const { cookies } = await shop.logIn('ann', { tokens: false });
    const headers = { cookie: `orderstream_refresh=${cookies.orderstream_refresh}` };
    const send = (more: Record<string, string>) =>
      shop.send('POST', '/api/v1/sessions/refresh', { headers: { ...headers, ...more } });
    expect((await send({})).status).toBe(403);
    expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send({ origin: 'http://127.0.0.1:8080' })).status).toBe(200);
  });
});

// supabase/auth-js#213, nightscout/nocturne#326 and #391, fliks#457: tabs that refresh at the same time.
describe('of requests that use one refresh token at the same time', () => {
  it('all get the same successor, and one event is recorded', async () => {
    const { refreshToken } = await started();
    const answers = await Promise.all(Array.from({ length: 8 }, () => shop.refresh(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    expect(await typesOf(refreshToken)).toEqual(['SessionStarted', 'SessionRefreshed']);
    for (const { body } of answers) expect(await isValid(body.accessToken)).toBe(true);
  });

  it('one that comes 9 seconds later still gets it', async () => {
    const { refreshToken } = await started();
    const first = await shop.refresh(refreshToken);
    shop.pass(9_000);
    const second = await shop.refresh(refreshToken);
    expect(second.body.refreshToken).toBe(first.body.refreshToken);
  });

  // nightscout/nocturne#391: a tab that stores an older token than its neighbour is logged out a quarter of an hour later.
  it('one that comes after the successor was used gets the current token, and never a spent one', async () => {
    const { refreshToken } = await started();
    const first = await shop.refresh(refreshToken);
    const second = await shop.refresh(first.body.refreshToken);
    const late = await shop.refresh(refreshToken);
    expect(late.body.refreshToken).toBe(second.body.refreshToken);
  });
});

// geolens#2053: the end of a chain of tokens is the end of a device, not of the user.
describe('a refresh token that comes again later', () => {
  it('ends its session, with the tokens that were issued meanwhile; other sessions stay', async () => {
    const [stolen, other] = [await started(), await started()];
    const { body: mine } = await shop.refresh(stolen.refreshToken);
    shop.pass(10_001);
    expect(await shop.refresh(stolen.refreshToken)).toMatchObject(NOT_VALID);
    expect(await isValid(mine.accessToken)).toBe(false);
    expect(await shop.refresh(mine.refreshToken)).toMatchObject(NOT_VALID);
    expect(await typesOf(stolen.refreshToken)).toContain('SessionEnded');
    expect(await isValid(other.accessToken)).toBe(true);
    expect((await shop.refresh(other.refreshToken)).status).toBe(200);
  });

  // F3-Nation#375, OpenRisk#700: a failed refresh of one tab logs out the others.
  it('deletes no cookies: another tab may have logged in since', async () => {
    const { refreshToken } = await started();
    await shop.refresh(refreshToken);
    shop.pass(10_001);
    const headers = { cookie: `orderstream_refresh=${refreshToken}`, 'sec-fetch-site': 'same-origin' };
    const { status, cookies } = await shop.send('POST', '/api/v1/sessions/refresh', { headers });
    expect([status, cookies]).toEqual([401, {}]);
  });
});

describe('a refresh whose outcome is unknown to the server', () => {
  it.each(['answer-lost', 'request-lost', 'unavailable'] as const)(
    'is 503 (%s); the client sends it again and gets the successor, recorded once',
    async (fault) => {
      const { refreshToken } = await started();
      shop.store.failNextAppend(fault, `session-${refreshToken.slice(0, 36)}`);
      const first = await shop.refresh(refreshToken);
      expect([first.status, Number(first.headers.get('retry-after'))]).toEqual([503, 5]);
      const again = await shop.refresh(refreshToken);
      expect(again.status).toBe(200);
      expect((await shop.refresh(again.body.refreshToken)).status).toBe(200);
      expect(await typesOf(refreshToken)).toEqual(['SessionStarted', 'SessionRefreshed', 'SessionRefreshed']);
    },
  );
});

describe('a refresh token that was never issued', () => {
  it('is rejected, and ends nothing: the id of a session is no secret', async () => {
    const { refreshToken } = await started();
    const madeUp = `${refreshToken.slice(0, 36)}.${'A'.repeat(43)}`;
    expect(await shop.refresh(madeUp)).toMatchObject(NOT_VALID);
    expect((await shop.refresh(refreshToken)).status).toBe(200);
  });

  it.each(['', 'x', 'x.y', `${randomUUID()}.${'A'.repeat(43)}`, `${randomUUID()}.${'A'.repeat(42)}=`])(
    'is rejected as %j',
    async (text) => {
      expect(await shop.refresh(text)).toMatchObject(NOT_VALID);
    },
  );

  it('is rejected when there is none at all', async () => {
    expect(await shop.send('POST', '/api/v1/sessions/refresh')).toMatchObject(NOT_VALID);
  });
});

describe('a user who changes', () => {
  it('is logged out when disabled, and stays so when enabled again', async () => {
    const { refreshToken } = await started('bob');
    await shop.user('bob', { type: 'DisableUser', by: 'olga' });
    expect(await shop.refresh(refreshToken)).toMatchObject(NOT_VALID);
    await shop.user('bob', { type: 'EnableUser', by: 'olga' });
    expect(await shop.refresh(refreshToken)).toMatchObject(NOT_VALID);
    expect((await shop.logIn('bob')).status).toBe(201);
  });

  it('gets the new role with the next refresh; the access token of the old role is invalid', async () => {
    await shop.register('carl');
    const before = await started('carl');
    await shop.user('carl', { type: 'ChangeRole', role: 'operator', by: 'olga' });
    await expect.poll(() => isValid(before.accessToken)).toBe(false);
    const { status, body } = await shop.refresh(before.refreshToken);
    expect([status, body.user.role]).toEqual([200, 'operator']);
    expect(await isValid(body.accessToken)).toBe(true);
  });

  it('keeps the session in which the password was changed, and loses the others', async () => {
    await shop.register('dora');
    const [kept, lost] = [await started('dora'), await started('dora')];
    await shop.user('dora', {
      type: 'ChangePassword',
      password: { personId: 'dora', ciphertext: 'bmV3' },
      keptSession: kept.refreshToken.slice(0, 36),
      at: '2026-01-05T12:00:00.000Z',
    });
    await expect.poll(() => isValid(lost.accessToken)).toBe(false);
    expect(await isValid(kept.accessToken)).toBe(true);
    expect((await shop.refresh(kept.refreshToken)).status).toBe(200);
    expect(await shop.refresh(lost.refreshToken)).toMatchObject(NOT_VALID);
  });
});

describe('a session', () => {
  it('ends after 30 days without a refresh', async () => {
    const { refreshToken } = await started();
    shop.pass(30 * DAY_MS - MINUTE_MS);
    const { body } = await shop.refresh(refreshToken);
    shop.pass(30 * DAY_MS);
    expect(await shop.refresh(body.refreshToken)).toMatchObject(NOT_VALID);
  });

  it('ends 90 days after the log-in, although it is in use', async () => {
    let { refreshToken } = await started();
    for (let tenDays = 0; tenDays < 8; tenDays++) {
      shop.pass(10 * DAY_MS);
      const { status, body } = await shop.refresh(refreshToken);
      expect(status).toBe(200);
      refreshToken = body.refreshToken;
    }
    shop.pass(10 * DAY_MS);
    expect(await shop.refresh(refreshToken)).toMatchObject(NOT_VALID);
  });
});
