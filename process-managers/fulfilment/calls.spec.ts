import pLimit from 'p-limit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import { fulfilmentPolicy } from '../../domain/fulfilment/policy.ts';
import type { ExternalCall } from '../../domain/fulfilment/waits.ts';
import { customerId } from '../../domain/kernel/ids.ts';
import { money } from '../../domain/kernel/money.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { shipmentDecider } from '../../domain/shipment/decider.ts';
import { EventStoreUnavailable } from '../../event-store/errors.ts';
import { autoCarrier, type Carrier, manualCarrier } from '../../integrations/carrier/carrier.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { createMakeCalls } from '../engine/calls/make-calls.ts';
import { createCommandSender } from '../engine/commands.ts';
import { fulfilment } from './fulfilment.ts';
import { createShop, ORDER } from './testing/shop.ts';
import type { Fulfilment } from './types.ts';

const customer = customerId('ann');
const amount = money(1_000, 'GBP');
const owner = { orderId: ORDER, customerId: customer };
const refund: ExternalCall = { type: 'RefundPayment', ...owner, amount, reason: 'broken' };
const dispatch: ExternalCall = { type: 'DispatchShipment', ...owner };
const recall: ExternalCall = { type: 'RecallShipment', ...owner };
const capture = (paymentToken: string): ExternalCall => ({
  type: 'CapturePayment',
  ...owner,
  amount,
  paymentToken,
});

interface Outside {
  readonly payments?: PaymentProvider;
  readonly carrier?: Carrier;
}

/** Returns a way to make calls by a command handler, and what is done with their results. */
function createCaller(
  handler: CommandHandler,
  clock: () => Date,
  { payments = simulatedPayments(), carrier = autoCarrier() }: Outside,
) {
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const anticipate = vi.fn(async () => undefined);
  const parkRefused = vi.fn(async () => undefined);
  const definition = fulfilment({ policy: fulfilmentPolicy, payments, carrier, handler, clock });
  const make = createMakeCalls<Fulfilment>(definition, {
    commands: createCommandSender(definition, { handler, limit: pLimit(10) }),
    instances: { anticipate },
    parkRefused,
    logger,
  });
  const call = (
    what: ExternalCall,
    attempt = 1,
    { signal = new AbortController().signal, cause = 'an event' } = {},
  ) => make({ id: ORDER, call: what, attempt, cause: { id: cause } }, signal);
  return { call, logger, anticipate, parkRefused };
}

/** Creates a shop with a requested shipment and, by default, a requested payment, and a function that makes its calls. */
async function calling({ requested = true, ...outside }: Outside & { readonly requested?: boolean } = {}) {
  const shop = createShop();
  const request = { type: 'RequestPayment', ...owner, amount, paymentToken: 't' } as const;
  if (requested) await shop.send('payment-o-1', paymentDecider, request);
  await shop.send('shipment-o-1', shipmentDecider, { type: 'RequestShipment', ...owner });
  const caller = createCaller(shop.direct, shop.clock, outside);
  const elsewhere = createCaller(shop.ownHandler(), shop.clock, outside);
  const dataOf = async (stream: string) => (await shop.eventsOf(stream)).at(-1)?.event;
  return { shop, ...caller, elsewhere, dataOf };
}
type Calling = Awaited<ReturnType<typeof calling>>;

/** Expects that what follows from the capture was anticipated once. */
async function expectAnticipated({ shop, anticipate }: Pick<Calling, 'shop' | 'anticipate'>): Promise<void> {
  const captured = (await shop.eventsOf('payment-o-1')).at(1);
  expect(anticipate.mock.calls).toEqual([
    [ORDER, { event: captured?.event, position: captured?.position }, { id: captured?.id }],
  ]);
}

describe('the outcome of an external call', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('dates a capture by the arrival of its response', async () => {
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

  it('sends the commands that follow from a capture at once and only once, and ignores their failure', async () => {
    const { call, shop, anticipate } = await calling();
    anticipate.mockRejectedValueOnce(new EventStoreUnavailable('planned'));
    await call(capture('tok_ok'));
    await call(capture('tok_ok'));
    await expectAnticipated({ shop, anticipate });
  });

  it('sends no commands at once after a capture that follows another outcome', async () => {
    const { call, shop, anticipate } = await calling();
    await shop.send('payment-o-1', paymentDecider, { type: 'RecordDecline', reason: 'no money' });
    await call(capture('tok_ok'));
    expect(await shop.typesOf('payment-o-1')).toContain('PaymentCaptured');
    expect(anticipate).not.toHaveBeenCalled();
  });

  it('shortens a reason to 500 characters', async () => {
    const declining: PaymentProvider = {
      ...simulatedPayments(),
      capture: async () => ({ outcome: 'declined', reason: 'x'.repeat(1_000) }),
    };
    const { call, dataOf } = await calling({ payments: declining });
    await call(capture('tok_ok'));
    expect(await dataOf('payment-o-1')).toMatchObject({ data: { reason: 'x'.repeat(500) } });
  });

  it('stops retrying to record a result when the process stops', async () => {
    const stopping = new AbortController();
    const handle = vi.fn(async (_request: { readonly command: unknown }) => {
      stopping.abort();
      throw new EventStoreUnavailable('planned');
    });
    const { call } = createCaller({ handle, cachedState: () => undefined }, createShop().clock, {});

    await expect(call(capture('tok_ok'), 1, { signal: stopping.signal })).rejects.toThrow();
    expect(handle.mock.calls.map(([{ command }]) => command)).toMatchObject([
      { type: 'RecordCapture', request: { orderId: 'o-1', paymentToken: 'tok_ok' } },
    ]);
  });

  it('records nothing when the provider is unavailable', async () => {
    const { call, shop } = await calling();
    await call(capture('tok_down'));
    expect(await shop.typesOf('payment-o-1')).toEqual(['PaymentRequested']);
  });

  it('logs a refused refund as an error without an event, and parks its wait after five attempts', async () => {
    const refusing: PaymentProvider = {
      ...simulatedPayments(),
      refund: async () => ({ outcome: 'refused', reason: 'no such payment' }),
    };
    const { call, shop, logger, parkRefused } = await calling({ payments: refusing });
    await call(refund, 4);
    expect(parkRefused).not.toHaveBeenCalled();
    expect(await shop.typesOf('payment-o-1')).toEqual(['PaymentRequested']);
    expect(logger.error).toHaveBeenCalledWith(
      'an external call has no result yet',
      expect.objectContaining({ id: 'o-1', reason: 'no such payment' }),
    );
    await call(refund, 5);
    expect(parkRefused.mock.calls).toMatchObject([[{ id: 'o-1', call: refund }, 'no such payment']]);
  });

  it('records nothing and warns of nothing when the carrier is manual', async () => {
    const { call, shop, logger } = await calling({ carrier: manualCarrier });
    await call(dispatch, 20);
    expect(logger.info).toHaveBeenCalledTimes(1);
    expect([...logger.warn.mock.calls, ...logger.error.mock.calls]).toEqual([]);
    expect(await shop.typesOf('shipment-o-1')).toEqual(['ShipmentRequested']);
  });

  it('records a contradiction when the carrier dispatches a parcel that was cancelled, or that an operator has dispatched', async () => {
    const auto = autoCarrier();
    const cancelled = await calling({
      carrier: {
        ...auto,
        dispatch: async (request) => {
          await cancelled.shop.cancelShipment();
          return auto.dispatch(request);
        },
      },
    });
    await cancelled.call(dispatch);
    await cancelled.elsewhere.call(dispatch);
    expect(await cancelled.shop.typesOf('shipment-o-1')).toEqual([
      'ShipmentRequested',
      'ShipmentCancelled',
      'ShipmentContradicted',
    ]);

    const byHand = await calling();
    await byHand.shop.dispatch();
    await byHand.call(dispatch);
    expect(await byHand.dataOf('shipment-o-1')).toMatchObject({
      type: 'ShipmentContradicted',
      data: { kind: 'dispatched-twice', carrier: 'Stream Parcels' },
    });
  });

  it('makes no dispatch call for a shipment that is known to be cancelled', async () => {
    const carrier = autoCarrier();
    const calls = vi.spyOn(carrier, 'dispatch');
    const { call, shop } = await calling({ carrier });
    await shop.cancelShipment();
    await call(dispatch);
    expect(calls).not.toHaveBeenCalled();
  });

  it('records a recall with the response of the carrier', async () => {
    const { call, shop, dataOf } = await calling();
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
    expect(await away.shop.typesOf('shipment-o-1')).toEqual(['ShipmentRequested']);
    expect(await shop.typesOf('shipment-o-1')).toHaveLength(3);
  });

  it('records request and capture in one append when the provider responds immediately', async () => {
    const { call, shop, anticipate } = await calling({ requested: false });
    const before = shop.store.calls.appends;
    await call(capture('tok_ok'));
    expect(await shop.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
    expect(shop.store.calls.appends - before).toBe(1);
    const [requested, captured] = await shop.eventsOf('payment-o-1');
    expect(requested?.metadata).toMatchObject({
      actor: { sub: 'payment-provider' },
      $causationId: 'an event',
    });
    expect(captured?.event.type).toBe('PaymentCaptured');
    await expectAnticipated({ shop, anticipate });
  });

  it('records a request and its outcome once when the response of their append is lost', async () => {
    const { call, shop, anticipate } = await calling({ requested: false });
    shop.store.failNextAppend('answer-lost', 'payment-o-1');
    const recorded = call(capture('tok_ok'));
    await vi.runAllTimersAsync();
    await recorded;
    expect(await shop.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
    expect(anticipate).toHaveBeenCalledTimes(1);
  });

  it('records a response once and sends the following commands, when two processes receive it at the same time', async () => {
    const { call, shop, anticipate, elsewhere } = await calling({ requested: false });
    await Promise.all([
      call(capture('tok_ok')),
      elsewhere.call(capture('tok_ok'), 1, { cause: 'a timeout' }),
    ]);
    expect(await shop.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
    expect([...anticipate.mock.calls, ...elsewhere.anticipate.mock.calls]).toHaveLength(1);
  });

  it('records the payment request first when the provider responds slowly', async () => {
    const { call, shop } = await calling({ requested: false });
    const recorded = call(capture('tok_slow'));
    expect(await shop.typesOf('payment-o-1')).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(await shop.typesOf('payment-o-1')).toEqual(['PaymentRequested']);
    await vi.advanceTimersByTimeAsync(2_000);
    await recorded;
    expect(await shop.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
  });

  it('records the payment request although the provider is unavailable', async () => {
    const { call, shop } = await calling({ requested: false });
    await call(capture('tok_down'));
    expect(await shop.typesOf('payment-o-1')).toEqual(['PaymentRequested']);
  });

  it('records the request with the outcome when it could not be recorded before', async () => {
    const { call, shop } = await calling({ requested: false });
    shop.store.failNextAppend('unavailable', 'payment-o-1');
    const recorded = call(capture('tok_slow'));
    await vi.advanceTimersByTimeAsync(100);
    expect(await shop.typesOf('payment-o-1')).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    await recorded;
    expect(await shop.typesOf('payment-o-1')).toEqual(['PaymentRequested', 'PaymentCaptured']);
  });

  it('records a response when the event store is available again, without a second call', async () => {
    const provider = simulatedPayments();
    const calls = vi.spyOn(provider, 'capture');
    const { call, shop, dataOf } = await calling({ payments: provider });
    shop.store.failNextAppend('unavailable', 'payment-o-1');
    shop.store.failNextAppend('answer-lost', 'payment-o-1');
    const recorded = call(capture('tok_ok'));
    await vi.runAllTimersAsync();
    await recorded;
    expect(await dataOf('payment-o-1')).toMatchObject({ type: 'PaymentCaptured' });
    expect(calls).toHaveBeenCalledTimes(1);
  });
});
