import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
beforeEach(async () => {
  shop = await shopApi();
  await shop.createItem('85123A', { amount: 250, currency: 'GBP' });
});
afterEach(() => shop.close());

const orders = '/api/v1/orders';

describe('cancelling an order', () => {
  const cancel = (orderId: string, body?: unknown, headers = {}, as: 'ann' | 'bob' | 'operator' = 'ann') =>
    shop.post(`${orders}/${orderId}/cancel`, body, { as, headers });

  it('cancels the shipment first, then the order', async () => {
    const orderId = await shop.placeOrder();
    const { status, body, headers } = await cancel(orderId, { reason: 'changed my mind' });
    expect(status).toBe(200);
    expect(body).toEqual({ orderId, status: 'cancelled', revision: '1', position: expect.any(String) });
    expect(headers.get('etag')).toBe(`"order-1.at-${body.position}.v-3"`);
    const why = { orderId, customerId: 'ann', reason: 'changed my mind', cancelledBy: 'ann' };
    const [shipment] = await shop.eventsOf(`shipment-${orderId}`);
    const [, order] = await shop.eventsOf(`order-${orderId}`);
    expect(shipment?.event).toEqual({ type: 'ShipmentCancelled', data: why });
    expect(order?.event).toEqual({ type: 'OrderCancelled', data: why });
    expect(BigInt(body.position)).toBe(order?.position.commit);
    expect([shipment, order].map((recorded) => recorded?.metadata.$correlationId)).toEqual([
      orderId,
      orderId,
    ]);
  });

  it('responds 200 and appends nothing if the order is cancelled already', async () => {
    const orderId = await shop.placeOrder();
    await cancel(orderId);
    const again = await cancel(orderId, { reason: 'another' });
    expect([again.status, again.body.revision]).toEqual([200, '1']);
    expect(await shop.typesOf(`order-${orderId}`)).toEqual(['OrderPlaced', 'OrderCancelled']);
    expect(await shop.typesOf(`shipment-${orderId}`)).toEqual(['ShipmentCancelled']);
  });

  it('compares If-Match with the revision of the order before it changes anything', async () => {
    const orderId = await shop.placeOrder();
    expect((await cancel(orderId, {}, { 'if-match': '"5"' })).status).toBe(412);
    expect(await shop.typesOf(`shipment-${orderId}`)).toEqual([]);
    expect((await cancel(orderId, {}, { 'if-match': '"0"' })).status).toBe(200);
  });

  it('keeps the reason of an earlier request that cancelled only the shipment', async () => {
    const orderId = await shop.placeOrder();
    shop.store.failNextAppend('unavailable', `order-${orderId}`);
    const { status, body } = await cancel(orderId, { reason: 'changed my mind' });
    expect(status).toBe(503);
    expect(body.detail).not.toContain('nothing was done');
    expect((await cancel(orderId, { reason: 'fraud' }, {}, 'operator')).status).toBe(200);
    const [, cancelled] = await shop.eventsOf(`order-${orderId}`);
    expect(cancelled?.event.data).toMatchObject({ reason: 'changed my mind', cancelledBy: 'ann' });
  });

  it('is rejected with 409 for a rejected order, and cancels no shipment', async () => {
    const orderId = await shop.placeOrder();
    await shop.fulfil(orderId).order({ type: 'RejectOrder', reason: 'out of stock' });
    const { status, body } = await cancel(orderId);
    expect([status, body.type]).toEqual([409, 'urn:orderstream:problem:order-already-closed']);
    expect(await shop.typesOf(`shipment-${orderId}`)).toEqual([]);
  });

  it('is rejected with 409 after the dispatch', async () => {
    const orderId = await shop.placeOrder();
    await shop.fulfil(orderId).requestShipment();
    await shop.post(`/api/v1/shipments/${orderId}/dispatch`, { carrier: 'c', trackingNumber: 't' });
    const { status, body } = await cancel(orderId);
    expect([status, body.type]).toEqual([409, 'urn:orderstream:problem:shipment-already-dispatched']);
    expect(await shop.typesOf(`order-${orderId}`)).toEqual(['OrderPlaced']);
  });

  it("responds 404 for another customer's order as for an unknown one; operators cancel any order", async () => {
    const orderId = await shop.placeOrder();
    const hers = await cancel(orderId, undefined, {}, 'bob');
    const none = await cancel('no-such-order', undefined, {}, 'bob');
    expect([hers.status, none.status]).toEqual([404, 404]);
    expect(hers.body.detail.replace(orderId, 'x')).toBe(none.body.detail.replace('no-such-order', 'x'));
    expect((await cancel(orderId, undefined, {}, 'operator')).status).toBe(200);
  });

  it('competes with a dispatch: exactly one of the two succeeds', async () => {
    const orderId = await shop.placeOrder();
    await shop.fulfil(orderId).requestShipment();
    const [cancelled, dispatched] = await Promise.all([
      cancel(orderId),
      shop.post(`/api/v1/shipments/${orderId}/dispatch`, { carrier: 'c', trackingNumber: 't' }),
    ]);
    expect([cancelled.status, dispatched.status].sort()).toEqual([200, 409]);
  });
});
