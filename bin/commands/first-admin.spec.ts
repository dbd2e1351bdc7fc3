import { expect, it } from 'vitest';
import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { PersonalDataCipher } from '../../key-store/personal-data.ts';
import { memoryKeyStore } from '../../key-store/testing/memory-key-store.ts';
import { accountShop } from '../../write-side/accounts/testing/account-shop.ts';
import { createAdmin, DEFAULT_ADMIN, linkForFirstAdmin } from './first-admin.ts';

async function setUp() {
  const keys = await memoryKeyStore();
  const shop = await accountShop({ keys });
  const services = {
    store: shop.store,
    handler: createCommandHandler({ store: shop.store }),
    clock: () => new Date('2026-01-05T12:00:00.000Z'),
    accounts: { keys, cipher: new PersonalDataCipher(keys), publicUrl: 'https://shop.example' },
  };
  const setPassword = (link: string | undefined) => {
    const body = { token: link?.split('#token=')[1], password: 'a password of my own' };
    return shop.post('/api/v1/password-resets/confirm', body, { token: null });
  };
  return { shop, services, setPassword };
}

it('creates an admin whose link sets the password, once, within 24 hours', async () => {
  const { shop, services, setPassword } = await setUp();
  const { link, expiresAt } = await createAdmin(services, 'ada@example.com');
  expect(link).toMatch(/^https:\/\/shop\.example\/set-password#token=/);
  expect(expiresAt).toBe('2026-01-06T12:00:00.000Z');
  const userId = await shop.userIdOf('ada@example.com');
  expect(await shop.stateOf(userId)).toMatchObject({ status: 'unconfirmed', role: 'admin' });
  expect((await setPassword(link)).status).toBe(204);
  expect(await shop.stateOf(userId)).toMatchObject({ status: 'active', role: 'admin' });
  expect((await setPassword(link)).status).toBe(422);
  await shop.close();
});

it('makes an existing customer an admin', async () => {
  const { shop, services } = await setUp();
  const { userId } = await shop.createAccount('ann@example.com');
  await createAdmin(services, 'ann@example.com');
  expect(await shop.stateOf(userId)).toMatchObject({ status: 'active', role: 'admin' });
  await shop.close();
});

it('offers a link for the first admin until one has set a password', async () => {
  const { shop, services, setPassword } = await setUp();
  expect(await linkForFirstAdmin(services)).toBeDefined();
  const second = await linkForFirstAdmin(services);
  expect((await setPassword(second?.link)).status).toBe(204);
  expect(await linkForFirstAdmin(services)).toBeUndefined();
  expect(await shop.stateOf(await shop.userIdOf(DEFAULT_ADMIN))).toMatchObject({ role: 'admin' });
  await shop.close();
});
