import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userStream } from '../../../event-catalogue/streams.ts';
import { type AccountShop, accountShop } from '../testing/account-shop.ts';

let shop: AccountShop;
beforeAll(async () => {
  shop = await accountShop();
});
afterAll(() => shop.close());

const post = (userId: string, action: string, body?: object) =>
  shop.post(`/api/v1/accounts/${userId}/${action}`, body, { as: 'admin' });

describe('the routes of admins', () => {
  it.each(['operator', 'ann'] as const)('are forbidden to %s', async (as) => {
    const { userId } = await shop.createAccount(`of-${as}@example.com`);
    const path = `/api/v1/accounts/${userId}`;
    const calls = [
      shop.post(`${path}/role`, { role: 'admin' }, { as }),
      shop.post(`${path}/disable`, undefined, { as }),
      shop.post(`${path}/enable`, undefined, { as }),
      shop.post(`${path}/password-reset`, undefined, { as }),
      shop.call('DELETE', path, { as }),
    ];
    for (const { status } of await Promise.all(calls)) expect(status).toBe(403);
    expect(await shop.typesOf(userStream(userId))).toEqual(['UserRegistered', 'EmailConfirmed']);
  });

  it('are 404 for an unknown account', async () => {
    for (const [action, body] of [
      ['role', { role: 'admin' }],
      ['disable'],
      ['enable'],
      ['password-reset'],
    ] as const)
      expect((await post('nobody', action, body)).status).toBe(404);
    expect((await shop.call('DELETE', '/api/v1/accounts/nobody', { as: 'admin' })).status).toBe(404);
  });

  it('change the role of an account, once', async () => {
    const { userId } = await shop.createAccount('ann@example.com');
    const changed = { userId, role: 'operator', status: 'active', revision: '2' };
    expect(await post(userId, 'role', { role: 'operator' })).toMatchObject({ status: 200, body: changed });
    expect(await post(userId, 'role', { role: 'operator' })).toMatchObject({ status: 200, body: changed });
    expect(await post(userId, 'role', { role: 'king' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'role' }] },
    });
  });

  it('disable and enable an account', async () => {
    const { userId, token } = await shop.createAccount('bea@example.com');
    expect(await post(userId, 'disable')).toMatchObject({ status: 200, body: { status: 'disabled' } });
    expect(await post(userId, 'disable')).toMatchObject({ status: 200, body: { revision: '2' } });
    const rename = { token, body: { name: 'Bea' } };
    expect((await shop.call('PATCH', '/api/v1/accounts/me', rename)).status).toBe(409);
    expect((await post(userId, 'password-reset')).status).toBe(409);
    expect(await post(userId, 'enable')).toMatchObject({ status: 200, body: { status: 'active' } });
    expect((await shop.call('PATCH', '/api/v1/accounts/me', rename)).status).toBe(200);
  });

  it('create a link with which the owner sets the password', async () => {
    const { userId } = await shop.createAccount('carl@example.com');
    const { status, body } = await post(userId, 'password-reset');
    expect(status).toBe(201);
    expect(body).toEqual({
      link: expect.stringMatching(/^https:\/\/shop\.example\/set-password#token=[\w-]+\.[\w-]{43}$/),
      expiresAt: '2026-01-05T12:10:00.000Z',
    });
    const token = body.link.split('#token=')[1];
    const reset = { token, password: 'a password of my own' };
    expect((await shop.post('/api/v1/password-resets/confirm', reset, { token: null })).status).toBe(204);
  });
});

describe('the last enabled admin', () => {
  it('cannot be disabled, deleted or given another role', async () => {
    const { userId } = await shop.createAccount('root@example.com', 'admin');
    const last = { status: 409, body: { type: 'urn:orderstream:problem:last-admin' } };
    expect(await post(userId, 'disable')).toMatchObject(last);
    expect(await post(userId, 'role', { role: 'customer' })).toMatchObject(last);
    expect(await shop.call('DELETE', `/api/v1/accounts/${userId}`, { as: 'admin' })).toMatchObject(last);

    const { userId: second } = await shop.createAccount('second@example.com', 'admin');
    expect((await post(userId, 'disable')).status).toBe(200);
    expect(await post(second, 'disable')).toMatchObject(last);
    expect((await post(userId, 'enable')).status).toBe(200);
    expect((await post(second, 'role', { role: 'operator' })).status).toBe(200);
    expect(await post(userId, 'disable')).toMatchObject(last);
  });

  it('remains when all admins are disabled at the same instant', async () => {
    const other = await accountShop();
    const admins = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => other.createAccount(`${name}@example.com`, 'admin')),
    );
    const answers = await Promise.all(
      admins.map(({ userId }) =>
        other.post(`/api/v1/accounts/${userId}/disable`, undefined, { as: 'admin' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 409]);
    await other.close();
  });
});
