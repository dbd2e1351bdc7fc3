import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayKeyOf } from '../../platform/http/request/gateway-key.ts';
import { PasswordHasherBusy } from '../../platform/passwords/password-hasher.ts';
import { hasherInThisProcess } from '../../platform/passwords/testing/hasher-in-this-process.ts';
import { secret } from '../testing/shop-api.ts';
import { PASSWORD, type SessionShop, sessionShop } from './testing/session-shop.ts';

let shop: SessionShop;
const verified: string[] = [];
let isBusy = false;
let isFull = false;
beforeAll(async () => {
  const { hash, verify } = hasherInThisProcess();
  const passwords = {
    hash,
    verify: async (stored: string, password: string) => {
      if (isBusy) throw new PasswordHasherBusy(2);
      verified.push(stored);
      return verify(stored, password);
    },
    throwIfBusy: () => {
      if (isFull) throw new PasswordHasherBusy(2);
    },
  };
  shop = await sessionShop({ passwords });
  await shop.register('ann');
  await shop.register('bob');
});
afterAll(() => shop.close());

const WRONG = { status: 401, body: { type: 'urn:orderstream:problem:log-in-failed' } };
/** A request that the gateway forwards from this address. */
const from = (address: string) => ({
  'orderstream-gateway-key': gatewayKeyOf(secret),
  'x-forwarded-for': address,
});

describe('logging in', () => {
  it('sets HttpOnly cookies for browsers, and does not show the refresh token', async () => {
    const { status, body, headers } = await shop.logIn('ann', { tokens: false });
    expect(status).toBe(201);
    expect(body).toEqual({
      user: { userId: 'ann', role: 'customer', name: 'ann lee' },
      accessToken: expect.any(String),
      expiresIn: 900,
    });
    expect(headers.get('cache-control')).toBe('no-store');
    const [access, refresh, ...more] = headers.getSetCookie();
    expect(access).toBe(
      `orderstream_access=${body.accessToken}; Max-Age=900; Path=/; HttpOnly; SameSite=Lax`,
    );
    expect(refresh).toMatch(
      /^orderstream_refresh=[\w-]{36}\.[\w-]{43}; Max-Age=(2592000|2591999); Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect(more).toEqual([expect.stringMatching(/^orderstream_device=.+; Path=\/; HttpOnly; SameSite=Lax$/)]);
  });

  it('gives programs the refresh token in the body, and sets no cookie', async () => {
    const { status, body, headers } = await shop.logIn('ann');
    expect([status, body.refreshToken]).toEqual([201, expect.stringMatching(/^[\w-]{36}\.[\w-]{43}$/)]);
    expect(headers.getSetCookie()).toEqual([]);
  });

  it('finds the account whatever case and spaces the address is typed in', async () => {
    const body = { email: ' Ann@EXAMPLE.com ', password: PASSWORD, tokens: true };
    expect((await shop.send('POST', '/api/v1/sessions', { body })).status).toBe(201);
  });

  it('starts another session each time', async () => {
    const [one, other] = [await shop.logIn('ann'), await shop.logIn('ann')];
    expect(one.body.refreshToken.slice(0, 36)).not.toBe(other.body.refreshToken.slice(0, 36));
  });

  it('in a browser that is logged in replaces its session', async () => {
    const before = await shop.logIn('ann', { tokens: false });
    const cookie = `orderstream_refresh=${before.cookies.orderstream_refresh}`;
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const after = await shop.logIn('ann', { tokens: false, headers });
    expect((await shop.as(before.body.accessToken, 'GET', '/api/v1/sessions')).status).toBe(401);
    expect((await shop.as(after.body.accessToken, 'GET', '/api/v1/sessions')).status).toBe(200);
  });

  it('does not end the session of a cookie whose token is made up', async () => {
    const other = await shop.logIn('bob');
    const [sessionId] = other.body.refreshToken.split('.');
    const cookie = `orderstream_refresh=${sessionId}.${'A'.repeat(43)}`;
    await shop.logIn('ann', { headers: { cookie, 'sec-fetch-site': 'same-origin' } });
    expect((await shop.as(other.body.accessToken, 'GET', '/api/v1/sessions')).status).toBe(200);
  });

  it('from a page of another origin is rejected', async () => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await shop.logIn('ann', { headers })).status).toBe(403);
  });

  it('stores neither the refresh token nor plain personal data in events', async () => {
    const headers = { 'user-agent': 'Plain-Browser/1.0' };
    const { body } = await shop.logIn('ann', { headers });
    const [sessionId, token] = body.refreshToken.split('.');
    const events = JSON.stringify(
      (await shop.eventsOf(`session-${sessionId}`)).map(({ event, metadata }) => ({ event, metadata })),
    );
    for (const plain of [token, 'Plain-Browser', '127.0.0.1', 'ann lee']) expect(events).not.toContain(plain);
  });
});

describe('a failed log-in', () => {
  it('is the same for an unknown address, a wrong password, and a text that is no address', async () => {
    const wrong = await shop.logIn('ann', { password: 'wrong', headers: from('192.0.2.1') });
    const unknown = await shop.logIn('nobody', { headers: from('192.0.2.1') });
    const noAddress = await shop.send('POST', '/api/v1/sessions', {
      body: { email: 'nobody', password: PASSWORD },
      headers: from('192.0.2.1'),
    });
    for (const answer of [wrong, unknown, noAddress]) expect(answer).toMatchObject(WRONG);
    expect(unknown.body).toEqual(wrong.body);
    expect(noAddress.body).toEqual(wrong.body);
  });

  it('verifies a password in each case, with equal work', async () => {
    verified.length = 0;
    await shop.logIn('nobody', { headers: from('192.0.2.1') });
    await shop.logIn('ann', { password: 'wrong', headers: from('192.0.2.1') });
    const parameters = verified.map((hash) => hash.split('$').slice(0, 4).join('$'));
    expect(parameters).toEqual(['$argon2id$v=19$m=19456,t=2,p=1', '$argon2id$v=19$m=19456,t=2,p=1']);
  });

  it.each([
    ['disabled', { type: 'DisableUser', by: 'olga' }],
    ['forgotten', { type: 'ForgetUser', by: 'olga', at: '2026-01-05T12:00:00.000Z' }],
  ] as const)('is the same for a %s account with the right password', async (name, command) => {
    await shop.register(name);
    await shop.user(name, command);
    expect(await shop.logIn(name, { headers: from('192.0.2.2') })).toMatchObject(WRONG);
  });

  it('is the same for an account whose address is not confirmed', async () => {
    await shop.register('edith', 'by-mail');
    expect(await shop.logIn('edith', { headers: from('192.0.2.2') })).toMatchObject(WRONG);
  });

  it.each([
    ['no password', { email: 'ann@example.com' }],
    ['an unknown field', { email: 'ann@example.com', password: PASSWORD, remember: true }],
    ['tokens: false', { email: 'ann@example.com', password: PASSWORD, tokens: false }],
  ])('with %s is 422', async (_, body) => {
    expect((await shop.send('POST', '/api/v1/sessions', { body })).status).toBe(422);
  });

  it('while too many passwords wait is 429 with Retry-After, and does not count as a guess', async () => {
    isBusy = true;
    const answers = [];
    for (let time = 0; time < 12; time++)
      answers.push(await shop.logIn('bob', { headers: from('192.0.2.3') }));
    isBusy = false;
    for (const { status, headers } of answers)
      expect([status, headers.get('retry-after')]).toEqual([429, '2']);
    expect((await shop.logIn('bob', { headers: from('192.0.2.3') })).status).toBe(201);
  });
});

it('a log-in without room for its password is 429, whether the address is known or not', async () => {
  isFull = true;
  const names = ['ann', 'nobody'];
  const answers = await Promise.all(names.map((name) => shop.logIn(name, { headers: from('192.0.2.4') })));
  isFull = false;
  expect(answers.map(({ status }) => status)).toEqual([429, 429]);
});

describe('while an attacker guesses the password of an account', () => {
  const guess = (address: string) => shop.logIn('fred', { password: 'wrong', headers: from(address) });
  const logIn = (address: string, cookie?: string) => {
    const headers = { ...from(address), ...(cookie !== undefined && { cookie }) };
    return shop.logIn('fred', { tokens: false, headers });
  };

  it('further guesses are 429 with Retry-After, the owner is not locked out where they are known', async () => {
    await shop.register('fred');
    const { cookies } = await logIn('198.51.100.1');
    const statuses = [];
    for (let time = 0; time < 11; time++) statuses.push(await guess(`192.0.2.${100 + time}`));
    expect(statuses.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429]);
    expect(Number(statuses.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);

    expect((await logIn('203.0.113.5')).status).toBe(429);
    expect((await logIn('198.51.100.1')).status).toBe(201);
    const device = `orderstream_device=${cookies.orderstream_device}`;
    expect((await logIn('203.0.113.5', device)).status).toBe(201);
  });

  it('a device that is known to another account, or a made-up one, does not count', async () => {
    const { cookies } = await shop.logIn('ann', { tokens: false });
    const device = `orderstream_device=${cookies.orderstream_device}`;
    expect((await logIn('203.0.113.6', device)).status).toBe(429);
    expect((await logIn('203.0.113.6', 'orderstream_device=x.y')).status).toBe(429);
  });

  it('X-Forwarded-For of a client does not make it a known source', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.1' };
    expect((await shop.logIn('fred', { headers })).status).toBe(429);
  });
});
