import { afterEach, describe, expect, it, vi } from 'vitest';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { orderStream, paymentStream } from '../../event-catalogue/streams.ts';
import { EventStoreUnavailable } from '../../event-store/errors.ts';
import { eventually } from '../../event-store/testing/eventually.ts';
import { manualCarrier } from '../../integrations/carrier/carrier.ts';
import type { CaptureResult, PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { deliverLast, ORDER, runToRest, type Shop, shop } from './testing/shop.ts';

const UNKNOWN: CaptureResult = { outcome: 'unknown', reason: 'timeout' };

/** A provider that answers captures as told, one after another; then, and for all else, the simulated one. */
function capturing(...answers: CaptureResult[]): PaymentProvider {
  const simulated = simulatedPayments();
  return { ...simulated, capture: async (request) => answers.shift() ?? simulated.capture(request) };
}

/** Delivers the events of the order's story that have happened, each once, and nothing that follows from them. */
async function deliverAll(of: Shop, process: ReturnType<Shop['startProcess']>): Promise<void> {
  for (const recorded of await of.heard()) await process.handle(recorded);
}

/** A process for which every command to one stream fails. */
function cutOff(from: Shop, stream: string, error: Error): ReturnType<Shop['startProcess']> {
  const own = from.ownHandler();
  return from.startProcess({
    cachedState: own.cachedState,
    handle: async (request) => {
      if (request.stream === stream) throw error;
      return own.handle(request);
    },
  });
}

describe('an order', () => {
  it('is reserved, paid, confirmed, dispatched, committed and shipped', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.stock('mug', 3);
    await here.place({ tea: 4, mug: 3 });
    await runToRest(here, here.startProcess());

    expect(await here.books('tea', 'mug')).toEqual({
      order: 'shipped',
      payment: 'captured',
      shipment: 'dispatched',
      stock: { tea: [6, 0], mug: [0, 0] },
    });
    expect(await here.typesOf('order-o-1')).toEqual(['OrderPlaced', 'OrderConfirmed', 'OrderShipped']);
    expect(await here.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
    expect(await here.typesOf('shipment-o-1')).toEqual(['ShipmentRequested', 'ShipmentDispatched']);
    expect(await here.typesOf('fulfilment-o-1')).toEqual([
      'FulfilmentStarted',
      'StockAllocated',
      'TimeoutScheduled',
      'FulfilmentPaid',
      'TimeoutScheduled',
      'FulfilmentDispatched',
      'FulfilmentCompleted',
    ]);
  });

  it('tells on each event whose story it is, what caused it and who did it', async () => {
    const here = shop();
    await here.stock('tea', 1);
    const { events } = await here.place({ tea: 1 });
    expect(events).toHaveLength(1);
    await runToRest(here, here.startProcess());

    const [placed, confirmed] = await here.eventsOf('order-o-1');
    const [, captured] = await here.eventsOf('payment-o-1');
    const [, dispatched] = await here.eventsOf('shipment-o-1');
    const [, reserved] = await here.eventsOf('inventory-tea');
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

  it('costs no reads where the process has placed it itself: its streams are taken to be new', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    const { calls } = here.store;
    const before = { ...calls };
    await runToRest(here, here.startProcess(here.direct));

    const after = { ...calls };
    expect(await here.books('tea')).toMatchObject({ order: 'shipped', stock: { tea: [6, 0] } });
    expect([after.appends - before.appends, after.reads - before.reads]).toEqual([11, 0]);
  });

  it('that was cancelled before anything else was heard is cancelled, though its streams are not new', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    await here.cancelShipment();
    const [placed, cancelled] = (await here.heard()).filter(({ stream }) => stream !== 'inventory-tea');
    if (placed === undefined || cancelled === undefined) throw new RangeError('two events expected');
    await here.startProcess().handle(cancelled);
    await here.startProcess().handle(placed);

    expect(await here.books('tea')).toMatchObject({ order: 'cancelled', stock: { tea: [10, 0] } });
  });

  it('that is short of one line holds nothing and is rejected, saying what was short', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.stock('mug', 2);
    await here.place({ tea: 4, mug: 3, jam: 1 });
    await runToRest(here, here.startProcess());

    expect(await here.books('tea', 'mug')).toEqual({
      order: 'rejected',
      payment: 'unrequested',
      shipment: 'unrequested',
      stock: { tea: [10, 0], mug: [2, 0] },
    });
    expect((await here.eventsOf('order-o-1')).at(-1)?.event.data).toMatchObject({
      reason: 'out of stock',
      short: [
        { productId: 'mug', requested: 3, available: 2 },
        { productId: 'jam', requested: 1, available: 0 },
      ],
    });
    expect(await here.atRest()).toBe(true);
  });

  it('that is declined gives its stock back and is rejected', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.place({ tea: 4 }, 'tok_declined');
    await runToRest(here, here.startProcess());

    expect(await here.books('tea')).toEqual({
      order: 'rejected',
      payment: 'declined',
      shipment: 'unrequested',
      stock: { tea: [10, 0] },
    });
    expect(await here.atRest()).toBe(true);
  });

  it('whose provider is flaky is asked again at each deadline, until it is paid', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.place({ tea: 4 }, 'tok_flaky');
    const process = here.startProcess();
    await runToRest(here, process);
    expect(await here.timeout()).toMatchObject({ waitingFor: 'payment' });

    await runToRest(here, process, { timeouts: 2 });
    expect(await here.books('tea')).toMatchObject({ order: 'shipped', payment: 'captured' });
  });

  it('whose provider stays away is settled, failed and rejected', async () => {
    const here = shop({ policy: { firstDeadlineMs: 3_000, paymentGiveUpMs: 20_000 } });
    await here.stock('tea', 10);
    await here.place({ tea: 4 }, 'tok_down');
    await runToRest(here, here.startProcess(), { timeouts: 20 });

    expect(await here.books('tea')).toEqual({
      order: 'rejected',
      payment: 'failed',
      shipment: 'unrequested',
      stock: { tea: [10, 0] },
    });
    expect(await here.atRest()).toBe(true);
    expect(here.clock().toISOString()).toBe('2026-01-05T10:00:20.000Z');
  });

  describe('with a slow provider', () => {
    afterEach(() => void vi.useRealTimers());

    it('holds no delivery while it waits, and is paid in the end', async () => {
      vi.useFakeTimers();
      const here = shop();
      await here.stock('tea', 10);
      await here.place({ tea: 4 }, 'tok_slow');
      const process = here.startProcess();
      await deliverAll(here, process);
      await vi.advanceTimersByTimeAsync(100);
      expect(await here.books()).toMatchObject({ payment: 'requested' });

      const run = runToRest(here, process);
      await vi.advanceTimersByTimeAsync(2_000);
      await run;
      expect(await here.books()).toMatchObject({ order: 'shipped', payment: 'captured' });
    });
  });

  it('whose capture was done but never answered is asked again with the same key, and paid once', async () => {
    const here = shop({ payments: capturing(UNKNOWN) });
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    await runToRest(here, here.startProcess(), { timeouts: 1 });
    expect(await here.books('tea')).toMatchObject({ order: 'shipped', payment: 'captured' });
    expect(await here.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
  });

  it('whose outcome stays unknown is never failed by itself, until the provider says that nothing moved', async () => {
    let away = true;
    const simulated = simulatedPayments();
    const payments: PaymentProvider = {
      ...simulated,
      capture: async () => UNKNOWN,
      settle: async (request) => (away ? UNKNOWN : simulated.settle(request)),
    };
    const here = shop({ payments, policy: { firstDeadlineMs: 3_000, paymentGiveUpMs: 10_000 } });
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    const process = here.startProcess();
    await runToRest(here, process, { timeouts: 20 });
    expect(await here.timeout()).toMatchObject({ waitingFor: 'settlement' });
    expect(await here.books('tea')).toMatchObject({
      order: 'placed',
      payment: 'requested',
      stock: { tea: [10, 4] },
    });

    away = false;
    await runToRest(here, process, { timeouts: 1 });
    expect(await here.books('tea')).toMatchObject({
      order: 'rejected',
      payment: 'failed',
      stock: { tea: [10, 0] },
    });
  });

  it('whose settlement finds that money had moved is paid', async () => {
    const simulated = simulatedPayments();
    const payments: PaymentProvider = {
      ...simulated,
      capture: async (request) => {
        await simulated.capture(request);
        return UNKNOWN;
      },
    };
    const here = shop({ payments, policy: { firstDeadlineMs: 3_000, paymentGiveUpMs: 10_000 } });
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    await runToRest(here, here.startProcess(), { timeouts: 20 });
    expect(await here.books('tea')).toMatchObject({ order: 'shipped', payment: 'captured' });
  });

  it('whose money comes after it was given up is refunded', async () => {
    const here = shop({ policy: { firstDeadlineMs: 3_000, paymentGiveUpMs: 10_000 } });
    await here.stock('tea', 10);
    await here.place({ tea: 4 }, 'tok_down');
    const process = here.startProcess();
    await runToRest(here, process, { timeouts: 20 });
    expect(await here.books()).toMatchObject({ order: 'rejected', payment: 'failed' });

    await here.recordCapture();
    await runToRest(here, process);
    expect(await here.books('tea')).toEqual({
      order: 'rejected',
      payment: 'refunded',
      shipment: 'unrequested',
      stock: { tea: [10, 0] },
    });
    expect(await here.atRest()).toBe(true);
  });

  it('waits for an operator where the carrier is manual', async () => {
    const here = shop({ carrier: manualCarrier });
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    const process = here.startProcess();
    await runToRest(here, process, { timeouts: 3 });
    expect(await here.books('tea')).toMatchObject({ order: 'confirmed', shipment: 'requested' });
    expect(await here.timeout()).toMatchObject({ waitingFor: 'dispatch', attempt: 4 });

    await here.dispatch();
    await runToRest(here, process);
    expect(await here.books('tea')).toMatchObject({
      order: 'shipped',
      shipment: 'dispatched',
      stock: { tea: [6, 0] },
    });

    await here.deliver();
    await runToRest(here, process);
    expect(await here.books()).toMatchObject({ order: 'delivered', shipment: 'delivered' });
    expect(await here.atRest()).toBe(true);
  });

  it('whose money is given back before it was dispatched is cancelled, and no parcel is sent', async () => {
    const here = shop({ carrier: manualCarrier });
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    const process = here.startProcess();
    await runToRest(here, process);
    await here.requestRefund();
    await runToRest(here, process);

    expect(await here.books('tea')).toEqual({
      order: 'cancelled',
      payment: 'refunded',
      shipment: 'cancelled',
      stock: { tea: [10, 0] },
    });
    expect((await here.eventsOf('order-o-1')).at(-1)?.event.data).toMatchObject({
      reason: 'the payment was refunded',
      cancelledBy: 'fulfilment',
    });
    expect(await here.atRest()).toBe(true);
  });

  it('that was shipped is refunded when an operator asks for it, and stays shipped', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    const process = here.startProcess();
    await runToRest(here, process);
    await here.requestRefund();
    await runToRest(here, process);
    expect(await here.books('tea')).toMatchObject({ order: 'shipped', payment: 'refunded' });
    expect((await here.eventsOf('payment-o-1')).at(-1)?.event.data).toMatchObject({ reason: 'broken' });
  });
});

describe('a cancellation', () => {
  const cancelled = { order: 'cancelled', shipment: 'cancelled', stock: { tea: [10, 0] } };

  it('that is heard of only after the money was asked for gives back what was taken', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    await here.cancel();
    await runToRest(here, here.startProcess());
    expect(await here.books('tea')).toEqual({ ...cancelled, payment: 'refunded' });
    expect(await here.atRest()).toBe(true);
  });

  it('of a payment that an operator then says was captured gives the money back', async () => {
    const here = shop({
      payments: { ...simulatedPayments(), capture: async () => UNKNOWN, settle: async () => UNKNOWN },
    });
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    const process = here.startProcess();
    await runToRest(here, process, { timeouts: 1 });
    await here.cancel();
    await runToRest(here, process, { timeouts: 5 });
    expect(await here.books('tea')).toEqual({ ...cancelled, payment: 'requested' });
    expect(await here.timeout()).toMatchObject({ waitingFor: 'settlement' });

    await here.resolvePayment('captured');
    await runToRest(here, process, { timeouts: 1 });
    expect(await here.books('tea')).toEqual({ ...cancelled, payment: 'refunded' });
    expect(await here.atRest()).toBe(true);
  });

  it('that is heard of before the order cancels it, and holds nothing', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    await here.cancel();
    const process = here.startProcess();
    for (const recorded of [...(await here.heard())].reverse()) await process.handle(recorded);
    await runToRest(here, process);
    expect(await here.books('tea')).toEqual({ ...cancelled, payment: 'unrequested' });
    expect(await here.typesOf('inventory-tea')).toEqual(['StockReceived', 'StockReserved', 'StockReleased']);
  });

  it('that is heard of before the order holds nothing, though a product of the order cannot be reserved', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.place({ tea: 4, mug: 1 });
    await here.cancelShipment();
    const process = cutOff(here, 'inventory-mug', new TypeError('cannot be read'));
    const heard = [...(await here.heard())].reverse();
    await expect(
      heard.reduce((before, each) => before.then(() => process.handle(each)), Promise.resolve()),
    ).rejects.toThrow('cannot be read');
    expect(await here.books('tea')).toMatchObject({ order: 'placed', stock: { tea: [10, 0] } });

    await runToRest(here, here.startProcess());
    expect(await here.books('tea', 'mug')).toMatchObject({
      order: 'cancelled',
      stock: { tea: [10, 0], mug: [0, 0] },
    });
  });

  it('while the payment is under way settles it, and nothing is charged', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.place({ tea: 4 }, 'tok_flaky');
    const process = here.startProcess();
    await runToRest(here, process);
    await here.cancel();
    await runToRest(here, process);
    expect(await here.books('tea')).toEqual({ ...cancelled, payment: 'failed' });
    expect(await here.atRest()).toBe(true);
  });

  it('after the payment, before the dispatch, refunds', async () => {
    const here = shop({ carrier: manualCarrier });
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    const process = here.startProcess();
    await runToRest(here, process);
    await here.cancel();
    await runToRest(here, process);
    expect(await here.books('tea')).toEqual({ ...cancelled, payment: 'refunded' });
    expect(await here.atRest()).toBe(true);
  });

  it('after a rejection changes nothing of it', async () => {
    const here = shop();
    await here.place({ tea: 4 });
    const process = here.startProcess();
    await runToRest(here, process);
    await here.cancelShipment();
    await runToRest(here, process);
    expect(await here.books('tea')).toMatchObject({ order: 'rejected', stock: { tea: [0, 0] } });
    expect(await here.atRest()).toBe(true);
  });

  it('that comes to the shipment before the carrier does wins', async () => {
    const here = shop({
      carrier: {
        ...manualCarrier,
        dispatch: async () => {
          await here.cancel();
          return { outcome: 'dispatched', carrier: 'Too late', trackingNumber: 'T-1' };
        },
      },
    });
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    await runToRest(here, here.startProcess());
    expect(await here.books('tea')).toEqual({ ...cancelled, payment: 'refunded' });
  });

  it('whose refund the provider does not take is asked again, and stays owed until it does', async () => {
    let away = true;
    const simulated = simulatedPayments();
    const payments: PaymentProvider = {
      ...simulated,
      refund: async (request) =>
        away ? { outcome: 'unavailable', reason: '503' } : simulated.refund(request),
    };
    const here = shop({ payments, carrier: manualCarrier });
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    const process = here.startProcess();
    await runToRest(here, process);
    await here.cancel();
    await runToRest(here, process, { timeouts: 5 });
    expect(await here.books('tea')).toEqual({ ...cancelled, payment: 'captured' });
    expect(await here.timeout()).toMatchObject({ waitingFor: 'refund', attempt: 6 });

    away = false;
    await runToRest(here, process, { timeouts: 1 });
    expect(await here.books('tea')).toEqual({ ...cancelled, payment: 'refunded' });
    expect(await here.atRest()).toBe(true);
  });
});

describe('deliveries', () => {
  it('that come twice change nothing', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    await runToRest(here, here.startProcess());
    const before = await here.store.head();
    await deliverAll(here, here.startProcess());
    await deliverAll(here, here.startProcess());
    expect(await here.store.head()).toEqual(before);
  });

  it('of other events than it listens to are passed over', async () => {
    const here = shop();
    await here.stock('tea', 10);
    const [received] = await here.eventsOf('inventory-tea');
    const process = here.startProcess();
    if (received !== undefined) await process.handle(received);
    expect(await here.typesOf('fulfilment-o-1')).toEqual([]);
  });

  it('of one order that come at once are handled one after another', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    let atOnce = 0;
    const seen: number[] = [];
    const process = here.startProcess({
      cachedState: here.direct.cachedState,
      handle: async (request) => {
        if (request.stream !== 'inventory-tea') return here.direct.handle(request);
        seen.push(++atOnce);
        return here.direct.handle(request).finally(() => void atOnce--);
      },
    });
    const [placed] = await here.heard();
    if (placed === undefined) throw new RangeError('no order was placed');
    await Promise.all([1, 2, 3].map(() => process.handle(placed)));
    await process.calls.stop(0);
    expect(seen).toEqual([1, 1, 1]);
    expect(await here.typesOf('inventory-tea')).toEqual(['StockReceived', 'StockReserved']);
  });
});

describe('a capture', () => {
  /** A shop whose provider answers a capture when it is told to, and a process that waits for that. */
  async function waiting() {
    let pay: (answer: CaptureResult) => void = () => {};
    const answer = new Promise<CaptureResult>((resolve) => {
      pay = resolve;
    });
    const here = shop({ payments: { ...simulatedPayments(), capture: () => answer } });
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    const process = here.startProcess();
    await deliverAll(here, process);
    await eventually(async () => expect(await here.books()).toMatchObject({ payment: 'requested' }));
    const captured = async () => {
      pay({ outcome: 'captured', reference: 'c-1' });
      await process.calls.idle();
    };
    return { here, process, captured };
  }

  /** Another process hears what happened last, and cannot reach the order. */
  async function hearElsewhere(here: Shop) {
    const elsewhere = cutOff(here, orderStream(ORDER), new EventStoreUnavailable('planned'));
    await expect(deliverLast(here, elsewhere)).rejects.toThrow(EventStoreUnavailable);
  }

  it('confirms the order and requests its shipment before it is delivered, and is what has caused it', async () => {
    const { here, process, captured } = await waiting();
    await captured();
    const [, confirmed] = await here.eventsOf('order-o-1');
    const [, capture] = await here.eventsOf('payment-o-1');
    expect(confirmed).toMatchObject({
      event: { type: 'OrderConfirmed' },
      metadata: { $causationId: capture?.id },
    });
    expect(await here.typesOf('shipment-o-1')).toEqual(['ShipmentRequested']);
    expect(await here.typesOf('fulfilment-o-1')).not.toContain('FulfilmentPaid');
    await runToRest(here, process);
    expect(await here.books('tea')).toMatchObject({ order: 'shipped', payment: 'captured' });
  });

  it('after another outcome confirms nothing, though the process has heard of no other', async () => {
    const { here, process, captured } = await waiting();
    await here.send(paymentStream(ORDER), paymentDecider, { type: 'RecordDecline', reason: 'no money' });
    await hearElsewhere(here);
    await captured();
    expect(await here.typesOf('payment-o-1')).toContain('PaymentCaptured');
    expect(await here.typesOf('order-o-1')).toEqual(['OrderPlaced']);

    await runToRest(here, process);
    expect(await here.books('tea')).toMatchObject({
      order: 'rejected',
      payment: 'refunded',
      stock: { tea: [10, 0] },
    });
  });

  it('of an order that is being cancelled elsewhere gives the money back', async () => {
    const { here, process, captured } = await waiting();
    await here.cancelShipment();
    await hearElsewhere(here);
    await captured();

    await runToRest(here, process, { timeouts: 3 });
    expect(await here.books('tea')).toMatchObject({
      order: 'cancelled',
      payment: 'refunded',
      stock: { tea: [10, 0] },
    });
  });

  it('of an order that was cancelled confirms nothing', async () => {
    const { here, process, captured } = await waiting();
    await here.cancel();
    await captured();
    await runToRest(here, process);
    expect(await here.typesOf('order-o-1')).toEqual(['OrderPlaced', 'OrderCancelled']);
    expect(await here.books('tea')).toEqual({
      order: 'cancelled',
      payment: 'refunded',
      shipment: 'cancelled',
      stock: { tea: [10, 0] },
    });
  });
});

describe('a deadline', () => {
  it('that is no longer current changes nothing', async () => {
    const here = shop({ carrier: manualCarrier });
    await here.stock('tea', 10);
    await here.place({ tea: 4 }, 'tok_flaky');
    const process = here.startProcess();
    await runToRest(here, process);
    const first = await here.timeout();
    await runToRest(here, process, { timeouts: 2 });
    const before = await here.store.head();
    await process.timeoutElapsed(ORDER, first?.timeoutId ?? '');
    await process.calls.idle();
    expect(await here.store.head()).toEqual(before);
  });

  /** A process that died when it had recorded the deadline, before it made the call. */
  async function crashed() {
    const here = shop();
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    const died = here.startProcess();
    await died.calls.stop(0);
    await deliverAll(here, died);
    return { here, died };
  }

  it('makes up for a call that a crash has lost', async () => {
    const { here } = await crashed();
    expect(await here.books()).toMatchObject({ payment: 'unrequested' });

    const next = here.startProcess();
    await next.timeoutElapsed(ORDER, (await here.untilDue()) ?? '');
    await runToRest(here, next);
    expect(await here.books('tea')).toMatchObject({ order: 'shipped', payment: 'captured' });
  });

  it('that failed before, and is taken again, sends what is pending, though it is no longer current', async () => {
    const { here, died } = await crashed();
    const first = (await here.untilDue()) ?? '';
    await died.timeoutElapsed(ORDER, first);

    const next = here.startProcess();
    await next.timeoutElapsed(ORDER, first);
    await next.calls.idle();
    expect(await here.books()).toMatchObject({ payment: 'requested' });
    await next.timeoutElapsed(ORDER, first, true);
    await next.calls.idle();
    expect(await here.books()).toMatchObject({ payment: 'captured' });
  });
});
