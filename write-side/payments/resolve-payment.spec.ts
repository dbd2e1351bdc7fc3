import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customerId, orderId as orderIdFrom } from '../../domain/kernel/ids.ts';
import { money } from '../../domain/kernel/money.ts';
import { waitItem } from '../../event-catalogue/parked-items.ts';
import { processManagersOf } from '../testing/park-items.ts';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
let orderId: string;
beforeEach(async () => {
  shop = await shopApi();
  await shop.createItem('85123A');
  orderId = await shop.placeOrder();
});
afterEach(() => shop.close());

const request = () =>
  shop.fulfil(orderId).payment({
    type: 'RequestPayment',
    orderId: orderIdFrom(orderId),
    customerId: customerId('ann'),
    amount: money(500, 'GBP'),
    paymentToken: 'tok_ok',
  });
const resolve = (body: unknown, headers = {}) =>
  shop.post(`/api/v1/payments/${orderId}/resolve`, body, { headers });
const captured = { outcome: 'captured', providerReference: 'ch_1', reason: 'asked by telephone' };
const failed = { outcome: 'failed', reason: 'asked by telephone' };

it('resolving a payment records a capture with the operator and the reason', async () => {
  await request();
  const { status, body } = await resolve(captured);
  const amount = { amount: 500, currency: 'GBP' };
  expect([status, body]).toEqual([
    200,
    { orderId, status: 'captured', amount, revision: '2', position: expect.any(String) },
  ]);
  const [, resolved, fact] = await shop.eventsOf(`payment-${orderId}`);
  expect(resolved?.event).toMatchObject({
    type: 'PaymentDoubtResolved',
    data: { outcome: 'captured', reason: 'asked by telephone', resolvedBy: 'olga' },
  });
  expect(fact?.event).toMatchObject({
    type: 'PaymentCaptured',
    data: { amount, reference: 'ch_1', capturedAt: '2026-01-05T12:00:00.000Z' },
  });
});

it.each([captured, failed, { outcome: 'captured', reason: 'seen in the books' }])(
  'resolving a payment again is 200 and appends nothing: %j',
  async (body) => {
    await request();
    const first = await resolve(body);
    expect(await resolve(body)).toMatchObject({ status: 200, body: { revision: first.body.revision } });
  },
);

it('resolving a payment with another outcome than the recorded one is 409', async () => {
  await request();
  await resolve(failed);
  const response = await resolve(captured);
  expect([response.status, response.body.type]).toEqual([
    409,
    'urn:orderstream:problem:payment-not-in-doubt',
  ]);
  expect((await resolve(failed, { 'if-match': '"0"' })).status).toBe(412);
});

it('resolving a payment without a payment or an order is 404', async () => {
  expect((await resolve(failed)).status).toBe(404);
  expect((await shop.post('/api/v1/payments/absent/resolve', failed)).status).toBe(404);
});

it.each([
  {},
  { outcome: 'declined', reason: 'x' },
  { outcome: 'failed' },
  { outcome: 'failed', reason: '' },
  { outcome: 'failed', reason: 'x', providerReference: 'ch_1' },
  { outcome: 'captured', reason: 'x', providerReference: '' },
  { outcome: 'captured', reason: 'x', providerReference: 'a\nb' },
  { outcome: 'captured', reason: 'x', amount: 1 },
])('resolving a payment with %j is 422', async (body) => {
  expect((await resolve(body)).status).toBe(422);
});

describe('a payment that was refunded outside the provider', () => {
  const refunded = { outcome: 'refunded', providerReference: 'transfer 7', reason: 'the card is closed' };

  it('is recorded once, and the parked refund leaves the list', async () => {
    await shop.fulfil(orderId).capture();
    const item = waitItem(orderId, 'refund');
    const why = { reason: 'call-refused', detail: 'no such payment' } as const;
    await processManagersOf(shop.store.connectAgain()).park(item, why, '2026-01-05T11:00:00.000Z');
    const path = `/api/v1/parked/${item.itemId}`;
    const discarded = await shop.post(`${path}/discard`, { reason: 'who cares' });
    expect([discarded.status, discarded.body.type]).toEqual([
      409,
      'urn:orderstream:problem:money-still-owed',
    ]);

    const first = await resolve(refunded);
    expect(first).toMatchObject({ status: 200, body: { status: 'refunded', revision: '2' } });
    expect((await shop.call('GET', path)).status).toBe(404);
    expect(await resolve(refunded)).toMatchObject({ status: 200, body: { revision: '2' } });
    expect((await shop.eventsOf(`payment-${orderId}`)).at(-1)).toMatchObject({
      event: {
        type: 'PaymentRefunded',
        data: {
          reason: 'the card is closed',
          reference: 'transfer 7',
          refundedAt: '2026-01-05T12:00:00.000Z',
        },
      },
      metadata: { actor: { sub: 'olga', role: 'operator' } },
    });
  });

  it('is rejected with 409 without a capture', async () => {
    await request();
    const response = await resolve(refunded);
    expect([response.status, response.body.type]).toEqual([
      409,
      'urn:orderstream:problem:payment-not-captured',
    ]);
  });
});

it('resolving a payment is allowed for operators only', async () => {
  const path = `/api/v1/payments/${orderId}/resolve`;
  expect((await shop.post(path, failed, { as: 'ann' })).status).toBe(403);
});
