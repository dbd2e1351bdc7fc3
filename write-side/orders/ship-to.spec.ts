import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PersonalData } from '../../domain/kernel/personal-data.ts';
import { KeyStoreUnavailable } from '../../key-store/errors.ts';
import { PersonalDataCipher } from '../../key-store/personal-data.ts';
import { type Call, type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
beforeEach(async () => {
  shop = await shopApi();
  await shop.createItem('85123A', { amount: 250, currency: 'GBP' });
});
afterEach(() => shop.close());

const items = [{ productId: '85123A', quantity: 2 }];
const shipTo = {
  name: 'Ann Archer',
  lines: ['12 High Street'],
  city: 'Leeds',
  postcode: 'LS1 4AP',
  country: 'GB',
};
const place = (body: object, options: Call = { as: 'ann' }) =>
  shop.post('/api/v1/orders', { items, ...body }, options);

async function storedOf(orderId: string) {
  const [placed] = await shop.eventsOf(`order-${orderId}`);
  return placed?.event.data as { readonly shipTo?: PersonalData };
}

describe('the address of an order', () => {
  it('is recorded encrypted with the key of the customer', async () => {
    const { status, body } = await place({ shipTo });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('shipTo');
    const stored = await storedOf(body.orderId);
    expect(stored.shipTo?.personId).toBe('ann');
    expect(JSON.stringify(stored)).not.toMatch(/Archer|High Street|Leeds|LS1/);
    const cipher = new PersonalDataCipher(shop.keyStore);
    expect(stored.shipTo && (await cipher.decrypt(stored.shipTo))).toEqual(shipTo);
  });

  it('leaves the metadata of the order as without an address', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const headers = { 'x-request-id': 'r-1', traceparent };
    for (const address of [{}, { shipTo }]) {
      const { body } = await place(address, { as: 'ann', headers });
      const [placed] = await shop.eventsOf(`order-${body.orderId}`);
      expect(placed?.metadata).toMatchObject({ requestId: 'r-1', traceparent });
    }
  });

  it('belongs to the customer for whom an operator orders', async () => {
    const { body } = await place({ shipTo, customerId: 'bob' }, { as: 'operator' });
    expect((await storedOf(body.orderId)).shipTo?.personId).toBe('bob');
  });

  it('is absent when none was given', async () => {
    expect(await storedOf((await place({})).body.orderId)).not.toHaveProperty('shipTo');
  });

  it.each([
    ['a name without a visible character', { name: ' ' }, 'shipTo.name'],
    ['no lines', { lines: [] }, 'shipTo.lines'],
    ['seven lines', { lines: Array(7).fill('x') }, 'shipTo.lines'],
    ['a line that is too long', { lines: ['x', 'x'.repeat(201)] }, 'shipTo.lines.1'],
    ['a control character in the city', { city: 'Lee\u0007ds' }, 'shipTo.city'],
    ['a postcode that is too long', { postcode: '1'.repeat(21) }, 'shipTo.postcode'],
    ['a number as country', { country: 44 }, 'shipTo.country'],
    ['another field', { phone: '1' }, 'shipTo'],
  ])('is rejected with %s', async (_, fault, path) => {
    const { status, body } = await place({ shipTo: { ...shipTo, ...fault } });
    expect(status).toBe(422);
    expect(body.errors).toEqual([expect.objectContaining({ path: expect.stringContaining(path) })]);
  });

  it('is rejected without one of its fields', async () => {
    const { city: _, ...incomplete } = shipTo;
    const { status, body } = await place({ shipTo: incomplete });
    expect([status, body.errors[0].path]).toEqual([422, 'shipTo.city']);
  });

  it('cannot be stored for a person who was forgotten; an order without it can', async () => {
    await shop.keyStore.forget('ann');
    const { status, body } = await place({ shipTo });
    expect([status, body.type]).toEqual([409, expect.stringMatching(/person-forgotten$/)]);
    expect((await place({})).status).toBe(201);
  });

  it('is not lost while the key store is unavailable: the request can be sent again', async () => {
    const away = vi.spyOn(shop.keyStore, 'personKey').mockRejectedValue(new KeyStoreUnavailable('away'));
    const { status, headers, body } = await place({ shipTo });
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(body.type).toMatch(/key-store-away$/);
    away.mockRestore();
    expect((await place({ shipTo })).status).toBe(201);
  });
});

describe('an Idempotency-Key with an address', () => {
  const keyed: Call = { as: 'ann', headers: { 'idempotency-key': 'k-1' } };

  it('places one order for the same address, in any order of its fields', async () => {
    const first = await place({ shipTo }, keyed);
    const reversed = Object.fromEntries(Object.entries(shipTo).reverse());
    const again = await place({ shipTo: reversed }, keyed);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(await shop.eventsOf(`order-${first.body.orderId}`)).toHaveLength(1);
  });

  it('rejects another address', async () => {
    await place({ shipTo }, keyed);
    const { status, body } = await place({ shipTo: { ...shipTo, city: 'York' } }, keyed);
    expect([status, body.type]).toEqual([422, expect.stringMatching(/idempotency-key-reused$/)]);
    expect((await place({}, keyed)).status).toBe(422);
  });

  it('records no hash from which a forgotten address could be guessed', async () => {
    const records = new Set<string | undefined>();
    for (const person of ['ann', 'bob'] as const) {
      const { body } = await place(
        { shipTo },
        {
          as: person,
          headers: { 'idempotency-key': 'k-2' },
        },
      );
      const [recorded] = await shop.eventsOf(`order-${body.orderId}`);
      records.add(recorded?.metadata.fingerprint);
    }
    // The same body of two persons has two hashes: each depends on the person's key.
    expect(records.size).toBe(2);
    expect(records).not.toContain(undefined);
  });
});
