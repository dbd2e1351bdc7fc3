import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeyStoreUnavailable } from '../../key-store/errors.ts';
import type { KeyStore } from '../../key-store/key-store.ts';
import { PersonalDataCipher } from '../../key-store/personal-data.ts';
import { memoryKeyStore } from '../../key-store/testing/memory-key-store.ts';
import { orderConfirmed, orderPlaced } from '../../projections/testing/events.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { QueryApiHarness } from '../testing/harness.ts';

const shipTo = {
  name: 'Ann Archer',
  lines: ['12 High Street'],
  city: 'Leeds',
  postcode: 'LS1 4AP',
  country: 'GB',
};
const forgotten = { shipTo: null, forgotten: true };

let api: QueryApiHarness;
let keys: KeyStore;
beforeEach(async () => {
  keys = await memoryKeyStore();
  const cipher = new PersonalDataCipher(keys);
  const log = new TestLog();
  const encrypted = (personId: string) => cipher.encrypt(personId, shipTo);
  log.record(
    'order-a',
    orderPlaced('a', [['mug', 1, 5]], { customer: 'ann', shipTo: await encrypted('ann') }),
  );
  log.record(
    'order-b',
    orderPlaced('b', [['mug', 1, 5]], { customer: 'bob', shipTo: await encrypted('bob') }),
  );
  log.record('order-c', orderPlaced('c', [['mug', 1, 5]], { customer: 'ann' }));
  log.record('order-a', orderConfirmed('a', 'ann'));
  api = await QueryApiHarness.start(log, {}, { keyStore: keys });
});
afterEach(() => api.stop());

const order = (id: string, as: string, headers = {}) => api.get(`/api/v1/orders/${id}`, as, headers);
const placedOf = ({ body }: { body: { items: { type: string; data: object }[] } }) =>
  body.items.find(({ type }) => type === 'OrderPlaced')?.data;

describe('the address of an order', () => {
  it('is shown to its customer and to staff', async () => {
    for (const as of ['customer:ann', 'operator', 'admin'])
      expect((await order('a', as)).body).toMatchObject({ shipTo, status: 'confirmed' });
    expect((await order('a', 'customer:bob')).status).toBe(404);
    expect((await order('c', 'customer:ann')).body).not.toHaveProperty('shipTo');
  });

  it('is shown in lists, and as a selected field', async () => {
    const { body } = await api.get('/api/v1/orders?sort=oldest', 'operator');
    expect(body.items.map((item: { shipTo?: object }) => item.shipTo)).toEqual([shipTo, shipTo, undefined]);
    const selected = await api.get('/api/v1/orders?sort=oldest&fields=orderId,shipTo&limit=1', 'operator');
    expect(selected.body.items).toEqual([{ orderId: 'a', shipTo }]);
    expect((await api.get('/api/v1/orders', 'customer:bob')).body.items).toMatchObject([{ shipTo }]);
    expect((await order('a', 'operator')).body).not.toHaveProperty('forgotten');
  });

  it('is shown in the timeline and in live updates', async () => {
    const timeline = await api.get('/api/v1/orders/a/timeline', 'customer:ann');
    expect(placedOf(timeline)).toMatchObject({ orderId: 'a', shipTo });
    const stream = await api.listen('/api/v1/orders/a/live', 'customer:ann');
    await stream.types(1);
    expect(stream.events[0]?.data).toMatchObject({ type: 'OrderPlaced', data: { shipTo } });
    stream.close();
  });

  it('of a forgotten customer is null everywhere, and the rest of the order is whole', async () => {
    const before = await order('a', 'operator');
    await keys.forget('ann');
    const after = await order('a', 'operator');
    expect(after.body).toEqual({ ...before.body, ...forgotten });
    expect((await order('b', 'operator')).body).toMatchObject({ shipTo });
    const { body } = await api.get('/api/v1/orders?sort=oldest', 'operator');
    expect(body.items).toMatchObject([forgotten, { shipTo }, { orderId: 'c' }]);
    expect(placedOf(await api.get('/api/v1/orders/a/timeline', 'customer:ann'))).toMatchObject(forgotten);
    const stream = await api.listen('/api/v1/orders/a/live', 'operator');
    await stream.types(1);
    expect(stream.events[0]?.data).toMatchObject({ data: forgotten });
    stream.close();
  });

  it('is not kept by a client that asks whether the order has changed, once the customer is forgotten', async () => {
    const { headers } = await order('a', 'operator');
    const etag = { 'if-none-match': String(headers.etag) };
    expect((await order('a', 'operator', etag)).status).toBe(304);
    await keys.forget('ann');
    const after = await order('a', 'operator', etag);
    expect([after.status, after.body.shipTo]).toEqual([200, null]);
    const again = await order('a', 'operator', { 'if-none-match': String(after.headers.etag) });
    expect(again.status).toBe(304);
  });

  it('is unavailable with the key store; orders without one are not', async () => {
    vi.spyOn(keys, 'existingKeys').mockRejectedValue(new KeyStoreUnavailable('away'));
    const { status, headers, body } = await order('a', 'operator');
    expect([status, headers['retry-after'], body.type]).toEqual([
      503,
      '1',
      expect.stringMatching(/key-store-away$/),
    ]);
    expect((await order('c', 'operator')).status).toBe(200);
  });
});
