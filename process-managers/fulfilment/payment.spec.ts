import { afterEach, describe, expect, it, vi } from 'vitest';
import { manualCarrier } from '../../integrations/carrier/carrier.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { deliverAll, runToRest } from './testing/deliveries.ts';
import { capturing, UNKNOWN } from './testing/payments.ts';
import { createShop } from './testing/shop.ts';

describe('the payment of an order', () => {
  it('rejects the order and releases its stock, when the provider declines the payment', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 }, 'tok_declined');
    await runToRest(shop, shop.startProcess());

    expect(await shop.outcome('tea')).toEqual({
      order: 'rejected',
      payment: 'declined',
      shipment: 'unrequested',
      stock: { tea: [10, 0] },
    });
    expect(await shop.isCompleted()).toBe(true);
  });

  it('requests the capture again at each timeout until the provider captures it', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 }, 'tok_flaky');
    const process = shop.startProcess();
    await runToRest(shop, process);
    expect(await shop.timeout()).toMatchObject({ waitingFor: 'payment' });

    await runToRest(shop, process, { timeouts: 2 });
    expect(await shop.outcome('tea')).toMatchObject({ order: 'shipped', payment: 'captured' });
  });

  it('settles and fails the payment and rejects the order, when the provider stays unavailable until the give-up time', async () => {
    const shop = createShop({ policy: { firstDeadlineMs: 3_000, paymentGiveUpMs: 20_000 } });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 }, 'tok_down');
    await runToRest(shop, shop.startProcess(), { timeouts: 20 });

    expect(await shop.outcome('tea')).toEqual({
      order: 'rejected',
      payment: 'failed',
      shipment: 'unrequested',
      stock: { tea: [10, 0] },
    });
    expect(await shop.isCompleted()).toBe(true);
    expect(shop.clock().toISOString()).toBe('2026-01-05T10:00:20.000Z');
  });

  describe('by a slow provider', () => {
    afterEach(() => void vi.useRealTimers());

    it('does not delay deliveries, and is captured in the end', async () => {
      vi.useFakeTimers();
      const shop = createShop();
      await shop.stock('tea', 10);
      await shop.place({ tea: 4 }, 'tok_slow');
      const process = shop.startProcess();
      await deliverAll(shop, process);
      await vi.advanceTimersByTimeAsync(100);
      expect(await shop.outcome()).toMatchObject({ payment: 'requested' });

      const run = runToRest(shop, process);
      await vi.advanceTimersByTimeAsync(2_000);
      await run;
      expect(await shop.outcome()).toMatchObject({ order: 'shipped', payment: 'captured' });
    });
  });

  it('records one capture, when the response to the first capture was lost and the capture is repeated', async () => {
    const shop = createShop({ payments: capturing(UNKNOWN) });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    await runToRest(shop, shop.startProcess(), { timeouts: 1 });
    expect(await shop.outcome('tea')).toMatchObject({ order: 'shipped', payment: 'captured' });
    expect(await shop.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
  });

  it('keeps the payment open while its outcome is unknown, and fails it when the provider reports that no money moved', async () => {
    let away = true;
    const simulated = simulatedPayments();
    const payments: PaymentProvider = {
      ...simulated,
      capture: async () => UNKNOWN,
      settle: async (request) => (away ? UNKNOWN : simulated.settle(request)),
    };
    const shop = createShop({ payments, policy: { firstDeadlineMs: 3_000, paymentGiveUpMs: 10_000 } });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    const process = shop.startProcess();
    await runToRest(shop, process, { timeouts: 20 });
    expect(await shop.timeout()).toMatchObject({ waitingFor: 'settlement' });
    expect(await shop.outcome('tea')).toMatchObject({
      order: 'placed',
      payment: 'requested',
      stock: { tea: [10, 4] },
    });

    away = false;
    await runToRest(shop, process, { timeouts: 1 });
    expect(await shop.outcome('tea')).toMatchObject({
      order: 'rejected',
      payment: 'failed',
      stock: { tea: [10, 0] },
    });
  });

  it('ships the order, when the settlement finds that the provider had captured the payment', async () => {
    const simulated = simulatedPayments();
    const payments: PaymentProvider = {
      ...simulated,
      capture: async (request) => {
        await simulated.capture(request);
        return UNKNOWN;
      },
    };
    const shop = createShop({ payments, policy: { firstDeadlineMs: 3_000, paymentGiveUpMs: 10_000 } });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    await runToRest(shop, shop.startProcess(), { timeouts: 20 });
    expect(await shop.outcome('tea')).toMatchObject({ order: 'shipped', payment: 'captured' });
  });

  it('refunds a capture that arrives after the payment has failed', async () => {
    const shop = createShop({ policy: { firstDeadlineMs: 3_000, paymentGiveUpMs: 10_000 } });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 }, 'tok_down');
    const process = shop.startProcess();
    await runToRest(shop, process, { timeouts: 20 });
    expect(await shop.outcome()).toMatchObject({ order: 'rejected', payment: 'failed' });

    await shop.recordCapture();
    await runToRest(shop, process);
    expect(await shop.outcome('tea')).toEqual({
      order: 'rejected',
      payment: 'refunded',
      shipment: 'unrequested',
      stock: { tea: [10, 0] },
    });
    expect(await shop.isCompleted()).toBe(true);
  });

  it('cancels the order and its shipment, when the payment is refunded before the dispatch', async () => {
    const shop = createShop({ carrier: manualCarrier });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    const process = shop.startProcess();
    await runToRest(shop, process);
    await shop.requestRefund();
    await runToRest(shop, process);

    expect(await shop.outcome('tea')).toEqual({
      order: 'cancelled',
      payment: 'refunded',
      shipment: 'cancelled',
      stock: { tea: [10, 0] },
    });
    expect((await shop.eventsOf('order-o-1')).at(-1)?.event.data).toMatchObject({
      reason: 'the payment was refunded',
      cancelledBy: 'fulfilment',
    });
    expect(await shop.isCompleted()).toBe(true);
  });

  it('refunds a shipped order when an operator requests it, and leaves the order shipped', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    const process = shop.startProcess();
    await runToRest(shop, process);
    await shop.requestRefund();
    await runToRest(shop, process);
    expect(await shop.outcome('tea')).toMatchObject({ order: 'shipped', payment: 'refunded' });
    expect((await shop.eventsOf('payment-o-1')).at(-1)?.event.data).toMatchObject({ reason: 'broken' });
  });
});
