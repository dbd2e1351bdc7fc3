import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RefundResult } from '../../integrations/payments/payment-provider.ts';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let respond: () => Promise<RefundResult>;
let refunds: unknown[];
let shop: ShopApi;
let orderId: string;
beforeEach(async () => {
  refunds = [];
  respond = async () => ({ outcome: 'refunded', reference: 'ref-1' });
  const refund = (request: unknown) => {
    refunds.push(request);
    return respond();
  };
  shop = await shopApi({ payments: { refund }, refundWithinMs: 60_000 });
  await shop.createItem('85123A');
  orderId = await shop.placeOrder();
});
afterEach(() => shop.close());

describe('refunding a payment', () => {
  const refund = () => shop.post(`/api/v1/payments/${orderId}/refund`, { reason: 'damaged' });

  it('calls the payment provider and responds refunded', async () => {
    await shop.fulfil(orderId).capture();
    const { status, body } = await refund();
    const amount = { amount: 500, currency: 'GBP' };
    expect(status).toBe(200);
    expect(body).toEqual({
      orderId,
      status: 'refunded',
      amount,
      revision: '3',
      position: expect.any(String),
    });
    expect(refunds).toEqual([{ orderId, customerId: 'ann', amount, reason: 'damaged' }]);
    const [, , requested, refunded] = await shop.eventsOf(`payment-${orderId}`);
    expect(requested?.event).toMatchObject({ type: 'RefundRequested', data: { requestedBy: 'olga' } });
    expect(refunded?.event).toMatchObject({
      type: 'PaymentRefunded',
      data: { amount, reason: 'damaged', reference: 'ref-1', refundedAt: '2026-01-05T12:00:00.000Z' },
    });
    expect(refunded?.metadata).toMatchObject({ $correlationId: orderId, actor: { sub: 'payment-provider' } });
  });

  it('responds 200 without another call or event if the payment is refunded already', async () => {
    await shop.fulfil(orderId).capture();
    await refund();
    const again = await refund();
    expect([again.status, again.body.status, again.body.revision]).toEqual([200, 'refunded', '3']);
    expect(refunds).toHaveLength(1);
  });

  const responses: readonly [string, () => Promise<RefundResult>][] = [
    ['is unavailable', async () => ({ outcome: 'unavailable', reason: '503' })],
    ['does not report an outcome', async () => ({ outcome: 'unknown', reason: 'timeout' })],
    ['declines the refund', async () => ({ outcome: 'refused', reason: 'no such payment' })],
    ['throws an error', () => Promise.reject(new TypeError('broken'))],
  ];
  it.each(responses)('responds refund-requested when the provider %s', async (_how, given) => {
    respond = given;
    await shop.fulfil(orderId).capture();
    const { status, body } = await refund();
    expect([status, body.status, body.revision]).toEqual([200, 'refund-requested', '2']);
    respond = async () => ({ outcome: 'refunded', reference: 'ref-2' });
    expect((await refund()).body).toMatchObject({ status: 'refunded', revision: '3' });
  });

  it('responds refund-requested when the provider exceeds the timeout', async () => {
    const shopWithShortTimeout = await shopApi({
      payments: { refund: () => new Promise(() => {}) },
      refundWithinMs: 20,
    });
    await shopWithShortTimeout.createItem('85123A');
    const slow = await shopWithShortTimeout.placeOrder();
    await shopWithShortTimeout.fulfil(slow).capture();
    const { status, body } = await shopWithShortTimeout.post(`/api/v1/payments/${slow}/refund`, {
      reason: 'damaged',
    });
    expect([status, body.status, body.revision]).toEqual([200, 'refund-requested', '2']);
    await shopWithShortTimeout.close();
  });

  it('responds refund-requested when the refund cannot be recorded', async () => {
    await shop.fulfil(orderId).capture();
    respond = async () => {
      shop.store.failNextAppend('unavailable');
      return { outcome: 'refunded', reference: 'ref-1' };
    };
    expect((await refund()).body).toMatchObject({ status: 'refund-requested', revision: '2' });
  });

  it('is rejected with 404 without a payment, and with 409 without a capture', async () => {
    expect((await refund()).status).toBe(404);
    await shop.fulfil(orderId).decline();
    const response = await refund();
    expect([response.status, response.body.type]).toEqual([
      409,
      'urn:orderstream:problem:payment-not-captured',
    ]);
    expect(refunds).toEqual([]);
  });
});

it('a refund of an unknown order is rejected with 404', async () => {
  expect((await shop.post('/api/v1/payments/absent/refund', { reason: 'x' })).status).toBe(404);
});
