import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestStream, userStream } from '../../event-catalogue/streams.ts';
import { type AccountShop, accountShop, PASSWORD } from './testing/account-shop.ts';

let shop: AccountShop;
let ann: Awaited<ReturnType<AccountShop['createAccount']>>;
const me = '/api/v1/accounts/me';
beforeAll(async () => {
  shop = await accountShop();
  ann = await shop.createAccount('ann@example.com');
});
afterAll(() => shop.close());

describe('GET /api/v1/accounts/me', () => {
  it('shows the account of the caller', async () => {
    const { status, body, headers } = await shop.call('GET', me, { token: ann.token });
    expect(status).toBe(200);
    expect(body).toEqual({
      userId: ann.userId,
      email: 'ann@example.com',
      name: 'Ann Smith',
      address: null,
      role: 'customer',
      status: 'active',
      registeredAt: '2026-01-05T12:00:00.000Z',
      revision: '1',
    });
    expect(headers.get('etag')).toBe('"1"');
  });

  it('is 404 for a token whose sub has no account', async () => {
    expect((await shop.call('GET', me, { as: 'bob' })).status).toBe(404);
  });
});

describe('PATCH /api/v1/accounts/me', () => {
  const address = { lines: ['1 Main Street'], city: 'Ulm', postcode: '89073', country: 'DE' };

  it('changes name and address, and nothing when it is repeated', async () => {
    const { token, userId } = await shop.createAccount('bea@example.com');
    const change = { name: 'Bea', address };
    const { status, body } = await shop.call('PATCH', me, { token, body: change });
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...change, revision: '2', position: expect.any(String) });
    expect((await shop.call('PATCH', me, { token, body: change })).body.revision).toBe('2');
    const { body: shown } = await shop.call('PATCH', me, { token, body: { address: null } });
    expect(shown).toMatchObject({ name: 'Bea', address: null });
    expect((await shop.typesOf(userStream(userId))).slice(2)).toEqual(['ProfileChanged', 'ProfileChanged']);
  });

  it('honours If-Match', async () => {
    const { token } = await shop.createAccount('carl@example.com');
    const stale = { token, body: { name: 'C' }, headers: { 'if-match': '"0"' } };
    expect((await shop.call('PATCH', me, stale)).status).toBe(412);
    const current = { token, body: { name: 'C' }, headers: { 'if-match': '"1"' } };
    expect((await shop.call('PATCH', me, current)).status).toBe(200);
  });

  it('answers a repeated key with the first response, and keeps no plain data for that', async () => {
    const { token } = await shop.createAccount('dora@example.com');
    const keyed = { token, headers: { 'idempotency-key': 'k-1' } };
    const first = await shop.call('PATCH', me, { ...keyed, body: { name: 'Dora Longname' } });
    await shop.call('PATCH', me, { token, body: { name: 'Other' } });
    const again = await shop.call('PATCH', me, { ...keyed, body: { name: 'Dora Longname' } });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect((await shop.call('PATCH', me, { ...keyed, body: { name: 'Third' } })).status).toBe(422);
    const log = await shop.logText();
    expect(log).toContain(requestStream(''));
    expect(log).not.toContain('Longname');
  });

  it.each([
    [{}, ''],
    [{ name: '' }, 'name'],
    [{ address: { ...address, lines: [] } }, 'address.lines'],
    [{ name: 'Ann', role: 'admin' }, 'role'],
  ])('rejects %j', async (body, path) => {
    const response = await shop.call('PATCH', me, { token: ann.token, body });
    expect(response).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });
});

describe('POST /api/v1/accounts/me/password', () => {
  const change = (token: string, current: string, wanted: string, headers = {}) =>
    shop.post(`${me}/password`, { current, new: wanted }, { token, headers });

  it('is 429 after ten wrong passwords, as deleting the account is, for this caller alone', async () => {
    const guessed = await shop.createAccount('guessed@example.com');
    const other = await shop.createAccount('other@example.com');
    const statuses = [];
    for (let guess = 0; guess < 11; guess++)
      statuses.push((await change(guessed.token, `guess number ${guess}`, 'a new password')).status);
    expect(statuses).toEqual([...Array(10).fill(422), 429]);
    const forget = await shop.call('DELETE', me, { token: guessed.token, body: { password: PASSWORD } });
    expect([forget.status, Number(forget.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await change(other.token, PASSWORD, 'a new password')).status).toBe(204);
  });

  it('changes the password, which the old one proves', async () => {
    const { token, userId } = await shop.createAccount('emil@example.com');
    expect(await change(token, 'wrong password', 'a new password')).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'current', message: 'is not the password of the account' }] },
    });
    const changed = await change(token, PASSWORD, 'a new password');
    expect(changed).toMatchObject({ status: 204, body: undefined });
    expect(changed.headers.get('orderstream-position')).toMatch(/^\d+$/);
    expect((await change(token, PASSWORD, 'another password')).status).toBe(422);
    expect((await change(token, 'a new password', 'another password')).status).toBe(204);
    expect((await shop.typesOf(userStream(userId))).slice(2)).toEqual(['PasswordChanged', 'PasswordChanged']);
  });

  it('changes it once when it is repeated with its key', async () => {
    const { token, userId } = await shop.createAccount('fred@example.com');
    const headers = { 'idempotency-key': 'k-1' };
    expect((await change(token, PASSWORD, 'a new password', headers)).status).toBe(204);
    expect((await change(token, PASSWORD, 'a new password', headers)).status).toBe(204);
    expect((await change(token, PASSWORD, 'other password', headers)).status).toBe(422);
    expect((await shop.typesOf(userStream(userId))).slice(2)).toEqual(['PasswordChanged']);
  });

  it('changes it once when the first response was lost', async () => {
    const { token, userId } = await shop.createAccount('gina@example.com');
    const headers = { 'idempotency-key': 'k-1' };
    shop.store.failNextAppend('answer-lost', userStream(userId));
    expect((await change(token, PASSWORD, 'a new password', headers)).status).toBe(503);
    expect((await change(token, PASSWORD, 'a new password', headers)).status).toBe(204);
    expect((await shop.typesOf(userStream(userId))).slice(2)).toEqual(['PasswordChanged']);
  });

  it('rejects a common new password', async () => {
    expect(await change(ann.token, PASSWORD, 'iloveyou1')).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'new' }] },
    });
  });
});

describe('GET /api/v1/accounts/me/export', () => {
  it('has everything about the caller in plain text, without the hash of the password', async () => {
    const everything = async () => ({ orders: [{ orderId: 'o-1' }] });
    const records = { openOrders: async () => [], everything };
    const other = await accountShop({ records });
    const { token } = await other.createAccount('hal@example.com');
    await other.call('PATCH', me, { token, body: { name: 'Hal' } });
    const { status, body } = await other.call('GET', `${me}/export`, { token });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      account: { email: 'hal@example.com', name: 'Hal' },
      history: [
        { type: 'UserRegistered', data: { email: 'hal@example.com', name: 'Ann Smith' } },
        { type: 'EmailConfirmed' },
        { type: 'ProfileChanged', data: { name: 'Hal' } },
      ],
      orders: [{ orderId: 'o-1' }],
    });
    expect(JSON.stringify(body)).not.toMatch(/hash of|ciphertext/);
    await other.close();
  });
});
