import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { type SharedSystem, useSharedShop } from '../support/shared-systems/use-shared-shop.ts';
import type { ShopClient } from '../support/shop.ts';
import { waitForStatus, waitForStock, waitUntil } from '../support/wait-until.ts';

describe('an order in a running system', () => {
  let system: SharedSystem;
  let shop: ShopClient;
  beforeAll(async () => {
    ({ system, shop } = await useSharedShop());
  });
  afterAll(() => system.release());

  const operator = () => system.token('operator');
  const createItem = (productId: string, quantity: number) =>
    call('POST', `${system.commandUrl}/api/v1/inventory/items`, {
      token: operator(),
      body: { productId, name: 'Tin mug', price: { amount: 339, currency: 'GBP' }, quantity },
    });
  const place = (body: unknown, token = system.token('customer', 'ann')) =>
    call('POST', `${system.commandUrl}/api/v1/orders`, { token, body });

  it('is paid, shipped and taken from stock', async () => {
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

    const order = await waitForStatus(system, orderId, 'shipped');
    expect(order).toMatchObject({
      customerId: 'ann',
      items: [{ productId: '22001', quantity: 3, unitPrice: { amount: 339, currency: 'GBP' } }],
      payment: { status: 'captured' },
      shipment: { status: 'dispatched' },
    });
    await waitForStock(shop, '22001', { onHand: 7, reserved: 0, available: 7 });

    const types = await waitUntil(
      'the fulfilment completes',
      () => shop.timelineTypes(orderId),
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

  it('is rejected when a line is out of stock, and reserves nothing', async () => {
    await createItem('22002', 2);
    const { body } = await place({ items: [{ productId: '22002', quantity: 3 }] });
    const order = await waitForStatus(system, body.orderId, 'rejected');
    expect(order.rejection).toMatchObject({ short: [{ productId: '22002', requested: 3, available: 2 }] });
    await waitForStock(shop, '22002', { onHand: 2, reserved: 0, available: 2 });
  });

  it('is rejected when the card is declined, and its stock is released', async () => {
    await createItem('22003', 5);
    const { body } = await place({
      items: [{ productId: '22003', quantity: 5 }],
      payment: { token: 'tok_declined' },
    });
    expect(await waitForStatus(system, body.orderId, 'rejected')).toMatchObject({
      payment: { status: 'declined' },
    });
    await waitForStock(shop, '22003', { onHand: 5, reserved: 0, available: 5 });
  });

  it('can be queried at once at the position of its command', async () => {
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
