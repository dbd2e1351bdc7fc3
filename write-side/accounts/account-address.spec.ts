import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PersonalData } from '../../domain/kernel/personal-data.ts';
import { userStream } from '../../event-catalogue/streams.ts';
import { PersonalDataCipher } from '../../key-store/personal-data.ts';
import { type AccountShop, accountShop } from './testing/account-shop.ts';

const address = { lines: ['12 High Street'], city: 'Leeds', postcode: 'LS1 4AP', country: 'GB' };
const shipTo = { name: 'Bob Brown', ...address };
const order = { items: [{ productId: 'mug', quantity: 1 }] };

let shop: AccountShop;
let ann: { userId: string; token: string };
beforeEach(async () => {
  shop = await accountShop();
  await shop.createItem('mug', { amount: 250, currency: 'GBP' });
  ann = await shop.createAccount('ann@example.com');
});
afterEach(() => shop.close());

const setAddress = (body: object) =>
  shop.call('PATCH', '/api/v1/accounts/me', { token: ann.token, body: { address: body } });
const place = (options: Parameters<AccountShop['post']>[2], body: object = {}) =>
  shop.post('/api/v1/orders', { ...order, ...body }, options);

async function addressOf({ body }: { body: { orderId: string } }): Promise<unknown> {
  const [placed] = await shop.eventsOf(`order-${body.orderId}`);
  const stored = placed?.event.data as { readonly shipTo?: PersonalData };
  return stored.shipTo && new PersonalDataCipher(shop.keys).decrypt(stored.shipTo);
}

describe('an order without an address', () => {
  it('goes to the address of the account, in the name of its holder', async () => {
    await setAddress(address);
    expect(await addressOf(await place({ token: ann.token }))).toEqual({ name: 'Ann Smith', ...address });
  });

  it('goes to the recipient that the address names', async () => {
    await setAddress(shipTo);
    expect(await addressOf(await place({ token: ann.token }))).toEqual(shipTo);
  });

  it('that an operator places goes to the address of the customer', async () => {
    await setAddress(address);
    const placed = await place({ as: 'operator' }, { customerId: ann.userId });
    expect(await addressOf(placed)).toMatchObject(address);
  });

  it('has none when the account has none, or the customer has no account', async () => {
    expect(await addressOf(await place({ token: ann.token }))).toBeUndefined();
    expect(await addressOf(await place({ as: 'bob' }))).toBeUndefined();
  });

  it('does not read the account of a customer whose id is none of an account', async () => {
    const read = vi.spyOn(shop.store, 'read');
    expect((await place({ as: 'bob' })).status).toBe(201);
    expect(read.mock.calls.map(([stream]) => stream)).not.toContain(userStream('bob'));
    expect((await place({ token: ann.token })).status).toBe(201);
    expect(read.mock.calls.map(([stream]) => stream)).toContain(userStream(ann.userId));
  });

  it('that is repeated with its Idempotency-Key has the first response, whatever the address is now', async () => {
    await setAddress(address);
    const keyed = { token: ann.token, headers: { 'idempotency-key': 'k' } };
    const first = await place(keyed);
    await setAddress({ ...address, city: 'York' });
    const again = await place(keyed);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(await addressOf(again)).toMatchObject({ city: 'Leeds' });
  });
});

describe('an order with an address', () => {
  it('goes there, and not to the address of the account', async () => {
    await setAddress(address);
    const placed = await place({ token: ann.token }, { shipTo: { ...shipTo, city: 'York' } });
    expect(await addressOf(placed)).toEqual({ ...shipTo, city: 'York' });
  });
});
