import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OutsideCall } from '../domain/fulfilment/steps.ts';
import { customerId } from '../domain/kernel/ids.ts';
import { money } from '../domain/kernel/money.ts';
import { paymentDecider } from '../domain/payment/decider.ts';
import { shipmentDecider } from '../domain/shipment/decider.ts';
import { EventStoreUnavailable } from '../event-store/errors.ts';
import { autoCarrier, manualCarrier } from '../integrations/carrier/carrier.ts';
import type { PaymentProvider } from '../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../integrations/payments/simulated-payments.ts';
import { callAndRecord } from './record-facts.ts';
import { ORDER, shop } from './testing/shop.ts';

const customer = customerId('ann');
const amount = money(1_000, 'GBP');
const order = { orderId: ORDER, customerId: customer, orderPosition: '10423' };
const refund: OutsideCall = { call: 'refund-payment', amount, reason: 'broken' };
const dispatch: OutsideCall = { call: 'dispatch-shipment' };
const recall: OutsideCall = { call: 'recall-shipment' };
const capture = (paymentToken: string): OutsideCall => ({ call: 'capture-payment', amount, paymentToken });

/** A shop whose shipment was requested, and its payment unless told otherwise, and a way to make calls for it. */
async function calling({ payments = simulatedPayments(), carrier = autoCarrier(), requested = true } = {}) {
  const here = shop();
  const about = { orderId: ORDER, customerId: customer };
  const request = { type: 'RequestPayment', ...about, amount, paymentToken: 't' } as const;
  if (requested) await here.send('payment-o-1', paymentDecider, request);
  await here.send('shipment-o-1', shipmentDecider, { type: 'RequestShipment', ...about });
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const parkRefund = vi.fn(async () => undefined);
  const paid = vi.fn(async () => undefined);
  const { direct: handler, clock } = here;
  const unparkRefund = async () => undefined;
  const parts = { payments, carrier, clock, logger, paid, unparkRefund, parkRefund };
  const make = callAndRecord({ ...parts, handler });
  const makeElsewhere = callAndRecord({ ...parts, handler: here.ownHandler() });
  const call = (what: OutsideCall, attempt = 1) =>
    make(order, what, { id: 'an event' }, new AbortController().signal, attempt);
  const dataOf = async (stream: string) => (await here.eventsOf(stream)).at(-1)?.event;
  return { here, call, makeElsewhere, logger, dataOf, paid, parkRefund };
}

describe('the outcome of an external call', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('a capture is dated by when its answer came', async () => {
    const { call, dataOf } = await calling();
    await call(capture('tok_ok'));
    expect(await dataOf('payment-o-1')).toEqual({
      type: 'PaymentCaptured',
      data: {
        orderId: 'o-1',
        customerId: 'ann',
        amount,
        reference: 'sim-o-1',
        capturedAt: '2026-01-05T10:00:00.000Z',
      },
    });
  });

  it('a capture is told of once, by its event, and what fails of that is nobody’s failure', async () => {
    const { call, here, paid } = await calling();
    paid.mockRejectedValueOnce(new EventStoreUnavailable('planned'));
    await call(capture('tok_ok'));
    await call(capture('tok_ok'));
    const [, captured] = await here.eventsOf('payment-o-1');
    expect(paid.mock.calls).toEqual([[order, { id: captured?.id }]]);
  });

  it('a capture after another outcome is told by nothing but its event', async () => {
    const { call, here, paid } = await calling();
    await here.send('payment-o-1', paymentDecider, { type: 'RecordDecline', reason: 'no money' });
    await call(capture('tok_ok'));
    expect(await here.typesOf('payment-o-1')).toContain('PaymentCaptured');
    expect(paid).not.toHaveBeenCalled();
  });

  it('a reason that is longer than a reason may be is cut', async () => {
    const declining: PaymentProvider = {
      ...simulatedPayments(),
      capture: async () => ({ outcome: 'declined', reason: 'x'.repeat(1_000) }),
    };
    const { call, dataOf } = await calling({ payments: declining });
    await call(capture('tok_ok'));
    expect(await dataOf('payment-o-1')).toMatchObject({ data: { reason: 'x'.repeat(500) } });
  });

  it('is not tried again to be recorded once the process stops', async () => {
    const here = shop();
    const stopping = new AbortController();
    const handle = vi.fn(async (_request: { readonly command: unknown }) => {
      stopping.abort();
      throw new EventStoreUnavailable('planned');
    });
    const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const outside = { payments: simulatedPayments(), carrier: autoCarrier() };
    const parkRefund = async () => undefined;
    const { clock } = here;
    const handler = { handle, cachedState: () => undefined };
    const paid = async () => undefined;
    const make = callAndRecord({ ...outside, handler, clock, logger, paid, unparkRefund: paid, parkRefund });

    await expect(make(order, capture('tok_ok'), { id: 'an event' }, stopping.signal, 1)).rejects.toThrow();
    expect(handle.mock.calls.map(([{ command }]) => command)).toMatchObject([
      { type: 'RecordCapture', request: { orderId: 'o-1', paymentToken: 'tok_ok' } },
    ]);
  });

  it('a provider that is away is no event', async () => {
    const { call, here } = await calling();
    await call(capture('tok_down'));
    expect(await here.typesOf('payment-o-1')).toEqual(['PaymentRequested']);
  });

  it('a refund that the provider refuses is no event, but an error for somebody to look into', async () => {
    const refusing: PaymentProvider = {
      ...simulatedPayments(),
      refund: async () => ({ outcome: 'refused', reason: 'no such payment' }),
    };
    const { call, here, logger, parkRefund } = await calling({ payments: refusing });
    await call(refund, 4);
    expect(parkRefund).not.toHaveBeenCalled();
    expect(await here.typesOf('payment-o-1')).toEqual(['PaymentRequested']);
    expect(logger.error).toHaveBeenCalledWith(
      'a call came to nothing yet',
      expect.objectContaining({ orderId: 'o-1', reason: 'no such payment' }),
    );
    await call(refund, 5);
    expect(parkRefund).toHaveBeenCalledWith('o-1', 'no such payment', { id: 'an event' });
  });

  it('a manual carrier causes no event and no warning', async () => {
    const { call, here, logger } = await calling({ carrier: manualCarrier });
    await call(dispatch, 20);
    expect(logger.info).toHaveBeenCalledTimes(1);
    expect([...logger.warn.mock.calls, ...logger.error.mock.calls]).toEqual([]);
    expect(await here.typesOf('shipment-o-1')).toEqual(['ShipmentRequested']);
  });

  it('a dispatch after a cancellation, or after one by an operator, is recorded as a contradiction', async () => {
    const auto = autoCarrier();
    const cancelled = await calling({
      carrier: {
        ...auto,
        dispatch: async (request) => {
          await cancelled.here.cancelShipment();
          return auto.dispatch(request);
        },
      },
    });
    await cancelled.call(dispatch);
    await cancelled.makeElsewhere(order, dispatch, { id: 'x' }, new AbortController().signal, 1);
    expect(await cancelled.here.typesOf('shipment-o-1')).toEqual([
      'ShipmentRequested',
      'ShipmentCancelled',
      'ShipmentContradicted',
    ]);
    expect(cancelled.logger.warn.mock.calls).toEqual([
      [
        'a carrier took a parcel that contradicts the shipment',
        expect.objectContaining({ orderId: 'o-1', trackingNumber: expect.stringMatching(/^SP/) }),
      ],
    ]);

    const byHand = await calling();
    await byHand.here.dispatch();
    await byHand.call(dispatch);
    expect(await byHand.dataOf('shipment-o-1')).toMatchObject({
      type: 'ShipmentContradicted',
      data: { kind: 'dispatched-twice', carrier: 'Stream Parcels' },
    });
  });

  it('a carrier is not asked for a parcel that is known to be cancelled', async () => {
    const carrier = autoCarrier();
    const asked = vi.spyOn(carrier, 'dispatch');
    const { call, here } = await calling({ carrier });
    await here.cancelShipment();
    await call(dispatch);
    expect(asked).not.toHaveBeenCalled();
  });

  it('a recall is recorded with the response of the carrier', async () => {
    const { call, here, dataOf } = await calling();
    await call(dispatch);
    await call(recall);
    expect(await dataOf('shipment-o-1')).toMatchObject({
      type: 'ShipmentRecalled',
      data: { outcome: 'returning', recalledAt: '2026-01-05T10:00:00.000Z' },
    });
    const away = await calling({
      carrier: { ...manualCarrier, recall: async () => ({ outcome: 'unavailable', reason: '503' }) },
    });
    await away.call(recall);
    expect(await away.here.typesOf('shipment-o-1')).toEqual(['ShipmentRequested']);
    expect(await here.typesOf('shipment-o-1')).toHaveLength(3);
  });

  it('a payment that is answered at once is requested in the same append', async () => {
    const { call, here, paid } = await calling({ requested: false });
    const before = here.store.calls.appends;
    await call(capture('tok_ok'));
    expect(await here.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
    expect(here.store.calls.appends - before).toBe(1);
    const [requested, captured] = await here.eventsOf('payment-o-1');
    expect(requested?.metadata).toMatchObject({
      actor: { sub: 'payment-provider' },
      $causationId: 'an event',
    });
    expect(paid.mock.calls).toEqual([[order, { id: captured?.id }]]);
  });

  it('a request and its outcome whose append is never answered are there once, and told of once', async () => {
    const { call, here, paid } = await calling({ requested: false });
    here.store.failNextAppend('answer-lost', 'payment-o-1');
    const recorded = call(capture('tok_ok'));
    await vi.runAllTimersAsync();
    await recorded;
    expect(await here.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
    expect(paid).toHaveBeenCalledTimes(1);
  });

  it('of two processes that are answered at once, one records it and tells of it', async () => {
    const { call, here, paid, makeElsewhere } = await calling({ requested: false });
    await Promise.all([
      call(capture('tok_ok')),
      makeElsewhere(order, capture('tok_ok'), { id: 'a deadline' }, new AbortController().signal, 1),
    ]);
    expect(await here.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
    expect(paid).toHaveBeenCalledTimes(1);
  });

  it('a payment that is not answered at once shows as requested meanwhile', async () => {
    const { call, here } = await calling({ requested: false });
    const recorded = call(capture('tok_slow'));
    expect(await here.typesOf('payment-o-1')).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(await here.typesOf('payment-o-1')).toEqual(['PaymentRequested']);
    await vi.advanceTimersByTimeAsync(2_000);
    await recorded;
    expect(await here.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
  });

  it('a payment whose provider is away is requested all the same', async () => {
    const { call, here } = await calling({ requested: false });
    await call(capture('tok_down'));
    expect(await here.typesOf('payment-o-1')).toEqual(['PaymentRequested']);
  });

  it('a request that did not get through goes with the outcome', async () => {
    const { call, here } = await calling({ requested: false });
    here.store.failNextAppend('unavailable', 'payment-o-1');
    const recorded = call(capture('tok_slow'));
    await vi.advanceTimersByTimeAsync(100);
    expect(await here.typesOf('payment-o-1')).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    await recorded;
    expect(await here.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
  });

  it('an answer is recorded when the store is back, without asking again', async () => {
    const provider = simulatedPayments();
    const asked = vi.spyOn(provider, 'capture');
    const { call, here, dataOf } = await calling({ payments: provider });
    here.store.failNextAppend('unavailable', 'payment-o-1');
    here.store.failNextAppend('answer-lost', 'payment-o-1');
    const recorded = call(capture('tok_ok'));
    await vi.runAllTimersAsync();
    await recorded;
    expect(await dataOf('payment-o-1')).toMatchObject({ type: 'PaymentCaptured' });
    expect(asked).toHaveBeenCalledTimes(1);
  });
});
