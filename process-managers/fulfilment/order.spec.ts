import { describe, expect, it } from 'vitest';
import { manualCarrier } from '../../integrations/carrier/carrier.ts';
import { runToRest } from './testing/deliveries.ts';
import { createShop } from './testing/shop.ts';

describe('the fulfilment of an order', () => {
  it('reserves the stock, captures the payment, confirms the order, dispatches the parcel, commits the stock and ships the order', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.stock('mug', 3);
    await shop.place({ tea: 4, mug: 3 });
    await runToRest(shop, shop.startProcess());

    expect(await shop.outcome('tea', 'mug')).toEqual({
      order: 'shipped',
      payment: 'captured',
      shipment: 'dispatched',
      stock: { tea: [6, 0], mug: [0, 0] },
    });
    expect(await shop.typesOf('order-o-1')).toEqual(['OrderPlaced', 'OrderConfirmed', 'OrderShipped']);
    expect(await shop.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
    expect(await shop.typesOf('shipment-o-1')).toEqual(['ShipmentRequested', 'ShipmentDispatched']);
    expect(await shop.typesOf('fulfilment-o-1')).toEqual([
      'FulfilmentStarted',
      'StockAllocated',
      'TimeoutScheduled',
      'FulfilmentPaid',
      'TimeoutScheduled',
      'FulfilmentDispatched',
      'FulfilmentCompleted',
    ]);
  });

  it('records on each event the order as correlation id, the causing event and the actor', async () => {
    const shop = createShop();
    await shop.stock('tea', 1);
    const { events } = await shop.place({ tea: 1 });
    expect(events).toHaveLength(1);
    await runToRest(shop, shop.startProcess());

    const [placed, confirmed] = await shop.eventsOf('order-o-1');
    const [, captured] = await shop.eventsOf('payment-o-1');
    const [, dispatched] = await shop.eventsOf('shipment-o-1');
    const [, reserved] = await shop.eventsOf('inventory-tea');
    expect(reserved?.metadata).toMatchObject({
      $correlationId: 'o-1',
      $causationId: placed?.id,
      commandId: 'fulfilment:o-1:ReserveStock:tea',
      actor: { sub: 'fulfilment', role: 'system' },
    });
    expect(captured?.metadata).toMatchObject({
      $correlationId: 'o-1',
      $causationId: placed?.id,
      actor: { sub: 'payment-provider', role: 'system' },
    });
    expect(confirmed?.metadata).toMatchObject({ $correlationId: 'o-1', $causationId: captured?.id });
    expect(dispatched?.metadata).toMatchObject({ actor: { sub: 'carrier', role: 'system' } });
  });

  it('reads no stream when the same process has placed the order, since its streams are presumed new', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    const { calls } = shop.store;
    const before = { ...calls };
    await runToRest(shop, shop.startProcess(shop.direct));

    const after = { ...calls };
    expect(await shop.outcome('tea')).toMatchObject({ order: 'shipped', stock: { tea: [6, 0] } });
    expect([after.appends - before.appends, after.reads - before.reads]).toEqual([11, 0]);
  });

  it('rejects the order, when lines are out of stock: releases all stock and records the missing quantities', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.stock('mug', 2);
    await shop.place({ tea: 4, mug: 3, jam: 1 });
    await runToRest(shop, shop.startProcess());

    expect(await shop.outcome('tea', 'mug')).toEqual({
      order: 'rejected',
      payment: 'unrequested',
      shipment: 'unrequested',
      stock: { tea: [10, 0], mug: [2, 0] },
    });
    expect((await shop.eventsOf('order-o-1')).at(-1)?.event.data).toMatchObject({
      reason: 'out of stock',
      short: [
        { productId: 'mug', requested: 3, available: 2 },
        { productId: 'jam', requested: 1, available: 0 },
      ],
    });
    expect(await shop.isCompleted()).toBe(true);
  });

  it('waits until an operator dispatches and delivers the parcel, when the carrier is manual', async () => {
    const shop = createShop({ carrier: manualCarrier });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    const process = shop.startProcess();
    await runToRest(shop, process, { timeouts: 3 });
    expect(await shop.outcome('tea')).toMatchObject({ order: 'confirmed', shipment: 'requested' });
    expect(await shop.timeout()).toMatchObject({ waitingFor: 'dispatch', attempt: 4 });

    await shop.dispatch();
    await runToRest(shop, process);
    expect(await shop.outcome('tea')).toMatchObject({
      order: 'shipped',
      shipment: 'dispatched',
      stock: { tea: [6, 0] },
    });

    await shop.deliver();
    await runToRest(shop, process);
    expect(await shop.outcome()).toMatchObject({ order: 'delivered', shipment: 'delivered' });
    expect(await shop.isCompleted()).toBe(true);
  });
});
