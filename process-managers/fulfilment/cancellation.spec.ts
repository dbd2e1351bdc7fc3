import { describe, expect, it } from 'vitest';
import { manualCarrier } from '../../integrations/carrier/carrier.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { cutOff, runToRest } from './testing/deliveries.ts';
import { UNKNOWN } from './testing/payments.ts';
import { createShop } from './testing/shop.ts';

describe('the cancellation of an order', () => {
  const cancelled = { order: 'cancelled', shipment: 'cancelled', stock: { tea: [10, 0] } };

  it('refunds the payment, when the cancellation is delivered after the capture was requested', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    await shop.cancel();
    await runToRest(shop, shop.startProcess());
    expect(await shop.outcome('tea')).toEqual({ ...cancelled, payment: 'refunded' });
    expect(await shop.isCompleted()).toBe(true);
  });

  it('refunds the payment, when an operator resolves its unknown outcome as captured', async () => {
    const shop = createShop({
      payments: { ...simulatedPayments(), capture: async () => UNKNOWN, settle: async () => UNKNOWN },
    });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    const process = shop.startProcess();
    await runToRest(shop, process, { timeouts: 1 });
    await shop.cancel();
    await runToRest(shop, process, { timeouts: 5 });
    expect(await shop.outcome('tea')).toEqual({ ...cancelled, payment: 'requested' });
    expect(await shop.timeout()).toMatchObject({ waitingFor: 'settlement' });

    await shop.resolvePayment('captured');
    await runToRest(shop, process, { timeouts: 1 });
    expect(await shop.outcome('tea')).toEqual({ ...cancelled, payment: 'refunded' });
    expect(await shop.isCompleted()).toBe(true);
  });

  it('releases the stock and requests no payment, when the cancellation is delivered before the order', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    await shop.cancel();
    const process = shop.startProcess();
    for (const recorded of [...(await shop.events())].reverse()) await process.handle(recorded);
    await runToRest(shop, process);
    expect(await shop.outcome('tea')).toEqual({ ...cancelled, payment: 'unrequested' });
    expect(await shop.typesOf('inventory-tea')).toEqual(['StockReceived', 'StockReserved', 'StockReleased']);
  });

  it('releases the stock, when the cancellation is delivered before the order and one product cannot be reserved', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.place({ tea: 4, mug: 1 });
    await shop.cancelShipment();
    const process = cutOff(shop, 'inventory-mug', new TypeError('cannot be read'));
    const events = [...(await shop.events())].reverse();
    await expect(
      events.reduce((before, each) => before.then(() => process.handle(each)), Promise.resolve()),
    ).rejects.toThrow('cannot be read');
    expect(await shop.outcome('tea')).toMatchObject({ order: 'placed', stock: { tea: [10, 0] } });

    await runToRest(shop, shop.startProcess());
    expect(await shop.outcome('tea', 'mug')).toMatchObject({
      order: 'cancelled',
      stock: { tea: [10, 0], mug: [0, 0] },
    });
  });

  it('cancels the order, when another process handles the cancellation of the shipment before the order', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    await shop.cancelShipment();
    const [placed, cancelled] = (await shop.events()).filter(({ stream }) => stream !== 'inventory-tea');
    if (placed === undefined || cancelled === undefined) throw new RangeError('two events expected');
    await shop.startProcess().handle(cancelled);
    await shop.startProcess().handle(placed);

    expect(await shop.outcome('tea')).toMatchObject({ order: 'cancelled', stock: { tea: [10, 0] } });
  });

  it('settles the pending payment without a charge', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 }, 'tok_flaky');
    const process = shop.startProcess();
    await runToRest(shop, process);
    await shop.cancel();
    await runToRest(shop, process);
    expect(await shop.outcome('tea')).toEqual({ ...cancelled, payment: 'failed' });
    expect(await shop.isCompleted()).toBe(true);
  });

  it('refunds the captured payment, when the parcel was not dispatched yet', async () => {
    const shop = createShop({ carrier: manualCarrier });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    const process = shop.startProcess();
    await runToRest(shop, process);
    await shop.cancel();
    await runToRest(shop, process);
    expect(await shop.outcome('tea')).toEqual({ ...cancelled, payment: 'refunded' });
    expect(await shop.isCompleted()).toBe(true);
  });

  it('changes nothing, when the order was already rejected', async () => {
    const shop = createShop();
    await shop.place({ tea: 4 });
    const process = shop.startProcess();
    await runToRest(shop, process);
    await shop.cancelShipment();
    await runToRest(shop, process);
    expect(await shop.outcome('tea')).toMatchObject({ order: 'rejected', stock: { tea: [0, 0] } });
    expect(await shop.isCompleted()).toBe(true);
  });

  it('cancels the shipment, when the cancellation is recorded before the response of the carrier', async () => {
    const shop = createShop({
      carrier: {
        ...manualCarrier,
        dispatch: async () => {
          await shop.cancel();
          return { outcome: 'dispatched', carrier: 'Too late', trackingNumber: 'T-1' };
        },
      },
    });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    await runToRest(shop, shop.startProcess());
    expect(await shop.outcome('tea')).toEqual({ ...cancelled, payment: 'refunded' });
  });

  it('repeats the refund until the provider is available', async () => {
    let away = true;
    const simulated = simulatedPayments();
    const payments: PaymentProvider = {
      ...simulated,
      refund: async (request) =>
        away ? { outcome: 'unavailable', reason: '503' } : simulated.refund(request),
    };
    const shop = createShop({ payments, carrier: manualCarrier });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    const process = shop.startProcess();
    await runToRest(shop, process);
    await shop.cancel();
    await runToRest(shop, process, { timeouts: 5 });
    expect(await shop.outcome('tea')).toEqual({ ...cancelled, payment: 'captured' });
    expect(await shop.timeout()).toMatchObject({ waitingFor: 'refund', attempt: 6 });

    away = false;
    await runToRest(shop, process, { timeouts: 1 });
    expect(await shop.outcome('tea')).toEqual({ ...cancelled, payment: 'refunded' });
    expect(await shop.isCompleted()).toBe(true);
  });
});
