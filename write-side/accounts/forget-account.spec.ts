import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emailStream, userStream } from '../../event-catalogue/streams.ts';
import { KeyStoreUnavailable } from '../../key-store/errors.ts';
import { memoryKeyStore } from '../../key-store/testing/memory-key-store.ts';
import { type AccountShop, accountShop, PASSWORD } from './testing/account-shop.ts';

let shop: AccountShop;
let openOrders: string[];
const me = '/api/v1/accounts/me';
beforeEach(async () => {
  openOrders = [];
  const records = { openOrders: async () => openOrders, everything: async () => ({}) };
  shop = await accountShop({ records });
});
afterEach(() => shop.close());

const forget = (token: string, password = PASSWORD) => shop.call('DELETE', me, { token, body: { password } });

describe('DELETE /api/v1/accounts/me', () => {
  it('records who forgets the person, destroys the key and releases the address', async () => {
    const { userId, token } = await shop.createAccount('ann@example.com');
    expect(await forget(token)).toMatchObject({ status: 204, body: undefined });
    const last = (await shop.eventsOf(userStream(userId))).at(-1)?.event;
    const emailHash = await shop.hashOf('ann@example.com');
    expect(last).toEqual({
      type: 'UserForgotten',
      data: { userId, emailHash, by: userId, at: '2026-01-05T12:00:00.000Z' },
    });
    expect((await shop.keys.existingKeys([userId])).get(userId)).toBe('forgotten');
    expect(await shop.typesOf(emailStream(emailHash))).toEqual(['EmailClaimed', 'EmailReleased']);
    expect((await shop.call('GET', me, { token })).status).toBe(404);
  });

  it('deletes the cookies of the session', async () => {
    const { token } = await shop.createAccount('ann@example.com');
    const { headers } = await forget(token);
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^(__Host-)?orderstream_access=; Max-Age=0;/),
      expect.stringMatching(/^(__Host-)?orderstream_refresh=; Max-Age=0;/),
    ]);
  });

  it('needs the password', async () => {
    const { userId, token } = await shop.createAccount('ann@example.com');
    expect(await forget(token, 'wrong password')).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'password' }] },
    });
    expect(await shop.stateOf(userId)).toMatchObject({ status: 'active' });
  });

  it('lets the address be claimed anew, by a new account', async () => {
    const { userId, token } = await shop.createAccount('ann@example.com');
    await forget(token);
    const again = await shop.createAccount('ann@example.com');
    expect(again.userId).not.toBe(userId);
    expect(await shop.stateOf(again.userId)).toMatchObject({ status: 'active' });
  });

  it('is rejected while orders are open, and lists them', async () => {
    const { userId, token } = await shop.createAccount('ann@example.com');
    openOrders = ['o-1', 'o-2'];
    expect(await forget(token)).toMatchObject({
      status: 409,
      body: { type: 'urn:orderstream:problem:open-orders', orderIds: ['o-1', 'o-2'] },
    });
    expect(await shop.stateOf(userId)).toMatchObject({ status: 'active' });
  });
});

describe('DELETE /api/v1/accounts/:userId', () => {
  const forgetUser = (userId: string) => shop.call('DELETE', `/api/v1/accounts/${userId}`, { as: 'admin' });

  it('forgets the person, also when it is repeated', async () => {
    const { userId } = await shop.createAccount('ann@example.com');
    expect((await forgetUser(userId)).status).toBe(204);
    expect((await forgetUser(userId)).status).toBe(204);
    const types = await shop.typesOf(userStream(userId));
    expect(types.filter((type) => type === 'UserForgotten')).toHaveLength(1);
  });

  it('finishes what a crash has interrupted', async () => {
    const { userId } = await shop.createAccount('ann@example.com');
    const email = emailStream(await shop.hashOf('ann@example.com'));
    shop.store.failNextAppend('request-lost', email);
    expect((await forgetUser(userId)).status).toBe(503);
    expect(await shop.typesOf(email)).toEqual(['EmailClaimed']);
    expect((await forgetUser(userId)).status).toBe(204);
    expect(await shop.typesOf(email)).toEqual(['EmailClaimed', 'EmailReleased']);
  });
});

describe('a crash while a person is forgotten', () => {
  const user = (userId: string) => userStream(userId);
  const email = async () => emailStream(await shop.hashOf('ann@example.com'));
  const crashes: readonly (readonly [when: string, crash: (userId: string) => Promise<void>])[] = [
    ['before it is recorded', async (userId) => shop.store.failNextAppend('request-lost', user(userId))],
    ['after it is recorded', async (userId) => shop.store.failNextAppend('answer-lost', user(userId))],
    [
      'before the key is destroyed',
      async () => {
        vi.spyOn(shop.keys, 'forget').mockRejectedValueOnce(new KeyStoreUnavailable('away'));
      },
    ],
    [
      'after the key is destroyed',
      async () => {
        const forgetKey = shop.keys.forget.bind(shop.keys);
        vi.spyOn(shop.keys, 'forget').mockImplementationOnce(async (userId) => {
          await forgetKey(userId);
          throw new KeyStoreUnavailable('away');
        });
      },
    ],
    ['before the address is released', async () => shop.store.failNextAppend('request-lost', await email())],
    ['after the address is released', async () => shop.store.failNextAppend('answer-lost', await email())],
  ];

  it.each(crashes)('%s leaves nothing that a repeated request does not finish', async (_when, crash) => {
    const { userId } = await shop.createAccount('ann@example.com');
    await crash(userId);
    const forgetUser = () => shop.call('DELETE', `/api/v1/accounts/${userId}`, { as: 'admin' });
    expect([204, 503]).toContain((await forgetUser()).status);

    expect((await forgetUser()).status).toBe(204);
    const types = await shop.typesOf(user(userId));
    expect(types.filter((type) => type === 'UserForgotten')).toHaveLength(1);
    expect((await shop.keys.existingKeys([userId])).get(userId)).toBe('forgotten');
    expect(await shop.typesOf(await email())).toEqual(['EmailClaimed', 'EmailReleased']);
  });
});

it('a sign-up finishes the forgetting of the former owner of the address', async () => {
  const keys = await memoryKeyStore();
  const other = await accountShop({ keys });
  const { userId } = await other.createAccount('ann@example.com');
  other.store.failNextAppend('request-lost', emailStream(await other.hashOf('ann@example.com')));
  await other.call('DELETE', `/api/v1/accounts/${userId}`, { as: 'admin' });
  expect((await other.signUp('ann@example.com')).status).toBe(202);
  expect(await other.userIdOf('ann@example.com')).not.toBe(userId);
  await other.close();
});
