import { describe, expect, it } from 'vitest';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { orderStream, paymentStream } from '../../event-catalogue/streams.ts';
import { EventStoreUnavailable } from '../../event-store/errors.ts';
import { eventually } from '../../event-store/testing/eventually.ts';
import type { CaptureResult } from '../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { cutOff, deliverAll, deliverLast, runToRest } from './testing/deliveries.ts';
import { createShop, ORDER, type Shop } from './testing/shop.ts';

describe('a recorded capture', () => {
  /** Returns a shop whose provider holds its response to the capture until `captured` is called. */
  async function waiting() {
    let respond: (answer: CaptureResult) => void = () => {};
    const answer = new Promise<CaptureResult>((resolve) => {
      respond = resolve;
    });
    const shop = createShop({ payments: { ...simulatedPayments(), capture: () => answer } });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    const process = shop.startProcess();
    await deliverAll(shop, process);
    await eventually(async () => expect(await shop.outcome()).toMatchObject({ payment: 'requested' }));
    const captured = async () => {
      respond({ outcome: 'captured', reference: 'c-1' });
      await process.calls.idle();
    };
    return { shop, process, captured };
  }

  /** Another process handles the last event, but its commands to the order fail. */
  async function handleElsewhere(shop: Shop) {
    const elsewhere = cutOff(shop, orderStream(ORDER), new EventStoreUnavailable('planned'));
    await expect(deliverLast(shop, elsewhere)).rejects.toThrow(EventStoreUnavailable);
  }

  it('confirms the order and requests the shipment before its delivery, and is recorded as the cause', async () => {
    const { shop, process, captured } = await waiting();
    await captured();
    const [, confirmed] = await shop.eventsOf('order-o-1');
    const [, capture] = await shop.eventsOf('payment-o-1');
    expect(confirmed).toMatchObject({
      event: { type: 'OrderConfirmed' },
      metadata: { $causationId: capture?.id },
    });
    expect(await shop.typesOf('shipment-o-1')).toEqual(['ShipmentRequested']);
    expect(await shop.typesOf('fulfilment-o-1')).not.toContain('FulfilmentPaid');
    await runToRest(shop, process);
    expect(await shop.outcome('tea')).toMatchObject({ order: 'shipped', payment: 'captured' });
  });

  it('confirms nothing and is refunded, when another process has already recorded a decline', async () => {
    const { shop, process, captured } = await waiting();
    await shop.send(paymentStream(ORDER), paymentDecider, { type: 'RecordDecline', reason: 'no money' });
    await handleElsewhere(shop);
    await captured();
    expect(await shop.typesOf('payment-o-1')).toContain('PaymentCaptured');
    expect(await shop.typesOf('order-o-1')).toEqual(['OrderPlaced']);

    await runToRest(shop, process);
    expect(await shop.outcome('tea')).toMatchObject({
      order: 'rejected',
      payment: 'refunded',
      stock: { tea: [10, 0] },
    });
  });

  it('is refunded, when another process is cancelling the order', async () => {
    const { shop, process, captured } = await waiting();
    await shop.cancelShipment();
    await handleElsewhere(shop);
    await captured();

    await runToRest(shop, process, { timeouts: 3 });
    expect(await shop.outcome('tea')).toMatchObject({
      order: 'cancelled',
      payment: 'refunded',
      stock: { tea: [10, 0] },
    });
  });

  it('confirms nothing and is refunded, when the order was cancelled before', async () => {
    const { shop, process, captured } = await waiting();
    await shop.cancel();
    await captured();
    await runToRest(shop, process);
    expect(await shop.typesOf('order-o-1')).toEqual(['OrderPlaced', 'OrderCancelled']);
    expect(await shop.outcome('tea')).toEqual({
      order: 'cancelled',
      payment: 'refunded',
      shipment: 'cancelled',
      stock: { tea: [10, 0] },
    });
  });
});
