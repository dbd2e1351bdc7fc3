import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { type Shop, shopOf } from '../support/shop.ts';
import { type System, startSystem } from '../support/system.ts';
import { until, untilLevels, untilStatus } from '../support/wait-until.ts';

describe('an order, from the POST to the parcel', () => {
  let system: System;
  let shop: Shop;
  beforeAll(async () => {
    system = await startSystem();
    shop = shopOf(system);
  });
  afterAll(() => system.stop());

  const operator = () => system.token('operator');
  const createItem = (productId: string, quantity: number) =>
    call('POST', `${system.commandUrl}/api/v1/inventory/items`, {
      token: operator(),
      body: { productId, name: 'Tin mug', price: { amount: 339, currency: 'GBP' }, quantity },
    });
  const place = (body: unknown, token = system.token('customer', 'ann')) =>
    call('POST', `${system.commandUrl}/api/v1/orders`, { token, body });

  it('is shipped, paid and taken from stock', async () => {
    expect(await createItem('22001', 10)).toMatchObject({
      status: 201,
      body: { productId: '22001', revision: '0' },
    });

    const placed = await place({ items: [{ productId: '22001', quantity: 3 }] });
    expect(placed).toMatchObject({
      status: 201,
      body: { status: 'placed', total: { amount: 1017, currency: 'GBP' }, revision: '0' },
    });
    const { orderId } = placed.body;

    const order = await untilStatus(system, orderId, 'shipped');
    expect(order).toMatchObject({
      customerId: 'ann',
      items: [{ productId: '22001', quantity: 3, unitPrice: { amount: 339, currency: 'GBP' } }],
      payment: { status: 'captured' },
      shipment: { status: 'dispatched' },
    });
    await untilLevels(shop, '22001', { onHand: 7, reserved: 0, available: 7 });

    const types = await until(
      'the story is to end',
      () => shop.story(orderId),
      (types) => types.includes('FulfilmentCompleted'),
    );
    expect(types[0]).toBe('OrderPlaced');
    expect(types).toEqual(
      expect.arrayContaining([
        'StockReserved',
        'PaymentCaptured',
        'ShipmentDispatched',
        'StockCommitted',
        'OrderShipped',
      ]),
    );
  });

  it('is rejected for want of stock, and holds nothing', async () => {
    await createItem('22002', 2);
    const { body } = await place({ items: [{ productId: '22002', quantity: 3 }] });
    const order = await untilStatus(system, body.orderId, 'rejected');
    expect(order.rejection).toMatchObject({ short: [{ productId: '22002', requested: 3, available: 2 }] });
    await untilLevels(shop, '22002', { onHand: 2, reserved: 0, available: 2 });
  });

  it('is rejected when the card is declined, and what was held is free again', async () => {
    await createItem('22003', 5);
    const { body } = await place({
      items: [{ productId: '22003', quantity: 5 }],
      payment: { token: 'tok_declined' },
    });
    expect(await untilStatus(system, body.orderId, 'rejected')).toMatchObject({
      payment: { status: 'declined' },
    });
    await untilLevels(shop, '22003', { onHand: 5, reserved: 0, available: 5 });
  });

  it('can be read back at once at the position its command answered', async () => {
    await createItem('22004', 5);
    const { body } = await place({ items: [{ productId: '22004', quantity: 1 }] });
    const read = await call(
      'GET',
      `${system.queryUrl}/api/v1/orders/${body.orderId}?minPosition=${body.position}`,
      {
        token: system.token('customer', 'ann'),
      },
    );
    expect(read).toMatchObject({ status: 200, body: { orderId: body.orderId, customerId: 'ann' } });
  });
});
