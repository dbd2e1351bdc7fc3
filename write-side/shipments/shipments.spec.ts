import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RefundResult } from '../../integrations/payments/payment-provider.ts';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let answerRefund: () => Promise<RefundResult>;
let refunds: unknown[];
let shop: ShopApi;
let orderId: string;
beforeEach(async () => {
  refunds = [];
  answerRefund = async () => ({ outcome: 'refunded', reference: 'ref-1' });
  const refund = (request: unknown) => {
    refunds.push(request);
    return answerRefund();
  };
  shop = await shopApi({ payments: { refund }, refundWithinMs: 60_000 });
  await shop.createItem('85123A');
  orderId = await shop.placeOrder();
});
afterEach(() => shop.close());

const parcel = { carrier: 'Royal Mail', trackingNumber: 'RM-1' };

describe('dispatching', () => {
  const dispatch = (body: unknown = parcel, headers = {}) =>
    shop.post(`/api/v1/shipments/${orderId}/dispatch`, body, { headers });

  it('answers with the shipment, its revision its own', async () => {
    await shop.fulfil(orderId).askForShipment();
    const { status, body } = await dispatch();
    expect(status).toBe(200);
    expect(body).toEqual({
      orderId,
      status: 'dispatched',
      ...parcel,
      revision: '1',
      position: expect.any(String),
    });
    const [, recorded] = await shop.eventsOf(`shipment-${orderId}`);
    expect(recorded?.event.data).toMatchObject({ ...parcel, dispatchedAt: '2026-01-05T12:00:00.000Z' });
    expect(recorded?.metadata.$correlationId).toBe(orderId);
  });

  it('again is 200 with the same number, 409 with another', async () => {
    await shop.fulfil(orderId).askForShipment();
    await dispatch();
    const again = await dispatch();
    expect([again.status, again.body.revision]).toEqual([200, '1']);
    expect((await dispatch({ ...parcel, trackingNumber: 'RM-2' })).status).toBe(409);
  });

  it('before it was asked for, or after it was cancelled, is 409', async () => {
    expect((await dispatch()).body.type).toBe('urn:orderstream:problem:shipment-not-requested');
    await shop.post(`/api/v1/orders/${orderId}/cancel`);
    expect((await dispatch()).body).toMatchObject({
      status: 409,
      type: 'urn:orderstream:problem:shipment-already-cancelled',
    });
  });

  it('honours If-Match', async () => {
    await shop.fulfil(orderId).askForShipment();
    expect((await dispatch(parcel, { 'if-match': '"1"' })).status).toBe(412);
    expect((await dispatch(parcel, { 'if-match': '"0"' })).status).toBe(200);
  });
});

describe('delivering', () => {
  const deliver = () => shop.post(`/api/v1/shipments/${orderId}/deliver`);
  beforeEach(async () => {
    await shop.fulfil(orderId).askForShipment();
  });

  it('before dispatch is 409', async () => {
    expect((await deliver()).status).toBe(409);
  });

  it('is told on the order at once where that is shipped already', async () => {
    await shop.post(`/api/v1/shipments/${orderId}/dispatch`, parcel);
    await shop.fulfil(orderId).order({ type: 'MarkOrderShipped', ...parcel });
    const { status, body } = await deliver();
    expect([status, body.status, body.revision]).toEqual([200, 'delivered', '2']);
    const told = await shop.eventsOf(`order-${orderId}`);
    expect(told.at(-1)?.event.type).toBe('OrderDelivered');
    expect(told.at(-1)?.position.commit).toBe(BigInt(body.position));
  });

  it('is left to the fulfilment where the order is not shipped yet, and again is 200', async () => {
    await shop.post(`/api/v1/shipments/${orderId}/dispatch`, parcel);
    expect((await deliver()).status).toBe(200);
    expect((await deliver()).status).toBe(200);
    expect(await shop.typesOf(`order-${orderId}`)).toEqual(['OrderPlaced']);
    expect(await shop.typesOf(`shipment-${orderId}`)).toEqual([
      'ShipmentRequested',
      'ShipmentDispatched',
      'ShipmentDelivered',
    ]);
  });
});

describe('refunding', () => {
  const refund = () => shop.post(`/api/v1/payments/${orderId}/refund`, { reason: 'damaged' });

  it('asks the provider, and answers refunded', async () => {
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

  it('again is 200, appends nothing and asks nobody', async () => {
    await shop.fulfil(orderId).capture();
    await refund();
    const again = await refund();
    expect([again.status, again.body.status, again.body.revision]).toEqual([200, 'refunded', '3']);
    expect(refunds).toHaveLength(1);
  });

  const answers: readonly [string, () => Promise<RefundResult>][] = [
    ['is away', async () => ({ outcome: 'unavailable', reason: '503' })],
    ['does not say', async () => ({ outcome: 'unknown', reason: 'timeout' })],
    ['refuses', async () => ({ outcome: 'refused', reason: 'no such payment' })],
    ['breaks', () => Promise.reject(new TypeError('broken'))],
  ];
  it.each(answers)('answers that it is under way when the provider %s', async (_how, given) => {
    answerRefund = given;
    await shop.fulfil(orderId).capture();
    const { status, body } = await refund();
    expect([status, body.status, body.revision]).toEqual([200, 'refund-requested', '2']);
    answerRefund = async () => ({ outcome: 'refunded', reference: 'ref-2' });
    expect((await refund()).body).toMatchObject({ status: 'refunded', revision: '3' });
  });

  it('answers refund-requested when the provider is slow', async () => {
    const impatient = await shopApi({
      payments: { refund: () => new Promise(() => {}) },
      refundWithinMs: 20,
    });
    await impatient.createItem('85123A');
    const slow = await impatient.placeOrder();
    await impatient.fulfil(slow).capture();
    const { status, body } = await impatient.post(`/api/v1/payments/${slow}/refund`, { reason: 'damaged' });
    expect([status, body.status, body.revision]).toEqual([200, 'refund-requested', '2']);
    await impatient.close();
  });

  it('answers what holds when the refund cannot be recorded', async () => {
    await shop.fulfil(orderId).capture();
    answerRefund = async () => {
      shop.store.failNextAppend('away');
      return { outcome: 'refunded', reference: 'ref-1' };
    };
    expect((await refund()).body).toMatchObject({ status: 'refund-requested', revision: '2' });
  });

  it('of what was never asked for is 404, of what was not captured 409', async () => {
    expect((await refund()).status).toBe(404);
    await shop.fulfil(orderId).decline();
    const answer = await refund();
    expect([answer.status, answer.body.type]).toEqual([409, 'urn:orderstream:problem:payment-not-captured']);
    expect(refunds).toEqual([]);
  });
});

it.each(['shipments/absent/dispatch', 'shipments/absent/deliver', 'payments/absent/refund'])(
  '%s is 404',
  async (path) => {
    const body = path.endsWith('dispatch') ? parcel : path.endsWith('refund') ? { reason: 'x' } : undefined;
    expect((await shop.post(`/api/v1/${path}`, body)).status).toBe(404);
  },
);
