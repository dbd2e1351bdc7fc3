import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ShopApi, shopApi } from '../testing/shop-api.ts';

let shop: ShopApi;
let orderId: string;
beforeEach(async () => {
  shop = await shopApi();
  await shop.createItem('85123A');
  orderId = await shop.placeOrder();
});
afterEach(() => shop.close());

const parcel = { carrier: 'Royal Mail', trackingNumber: 'RM-1' };

describe('dispatching a shipment', () => {
  const dispatch = (body: unknown = parcel, headers = {}) =>
    shop.post(`/api/v1/shipments/${orderId}/dispatch`, body, { headers });

  it('responds with the shipment and its revision', async () => {
    await shop.fulfil(orderId).requestShipment();
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

  it('responds 200 if repeated with the same number, and 409 with another', async () => {
    await shop.fulfil(orderId).requestShipment();
    await dispatch();
    const again = await dispatch();
    expect([again.status, again.body.revision]).toEqual([200, '1']);
    expect((await dispatch({ ...parcel, trackingNumber: 'RM-2' })).status).toBe(409);
  });

  it('is rejected with 409 before the shipment is requested and after it is cancelled', async () => {
    expect((await dispatch()).body.type).toBe('urn:orderstream:problem:shipment-not-requested');
    await shop.post(`/api/v1/orders/${orderId}/cancel`);
    expect((await dispatch()).body).toMatchObject({
      status: 409,
      type: 'urn:orderstream:problem:shipment-already-cancelled',
    });
  });

  it('compares If-Match with the revision of the shipment', async () => {
    await shop.fulfil(orderId).requestShipment();
    expect((await dispatch(parcel, { 'if-match': '"1"' })).status).toBe(412);
    expect((await dispatch(parcel, { 'if-match': '"0"' })).status).toBe(200);
  });
});

describe('delivering a shipment', () => {
  const deliver = () => shop.post(`/api/v1/shipments/${orderId}/deliver`);
  beforeEach(async () => {
    await shop.fulfil(orderId).requestShipment();
  });

  it('is rejected with 409 before the dispatch', async () => {
    expect((await deliver()).status).toBe(409);
  });

  it('marks a shipped order as delivered at once', async () => {
    await shop.post(`/api/v1/shipments/${orderId}/dispatch`, parcel);
    await shop.fulfil(orderId).order({ type: 'MarkOrderShipped', ...parcel });
    const { status, body } = await deliver();
    expect([status, body.status, body.revision]).toEqual([200, 'delivered', '2']);
    const events = await shop.eventsOf(`order-${orderId}`);
    expect(events.at(-1)?.event.type).toBe('OrderDelivered');
    expect(events.at(-1)?.position.commit).toBe(BigInt(body.position));
  });

  it('leaves an order that is not shipped yet to the fulfilment, and responds 200 if repeated', async () => {
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

it.each(['dispatch', 'deliver'])('%s of an unknown order is rejected with 404', async (command) => {
  const body = command === 'dispatch' ? parcel : undefined;
  expect((await shop.post(`/api/v1/shipments/absent/${command}`, body)).status).toBe(404);
});
