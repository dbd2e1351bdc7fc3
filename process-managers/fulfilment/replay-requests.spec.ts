import { describe, expect, it, vi } from 'vitest';
import { parkingDecider } from '../../domain/parking/decider.ts';
import type { ParkedSubject } from '../../domain/parking/events.ts';
import { itemOf, waitItem } from '../../event-catalogue/parked-items.ts';
import { parkingStream } from '../../event-catalogue/streams.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { EventStoreUnavailable } from '../../event-store/errors.ts';
import { manualCarrier } from '../../integrations/carrier/carrier.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { createReplayRequestHandler } from '../engine/parking/handle-replay-requests.ts';
import { createParking } from '../engine/parking/parking.ts';
import { deliverLast, runToRest } from './testing/deliveries.ts';
import { createShop, ORDER } from './testing/shop.ts';

const BROKEN = { reason: 'permanent-error', detail: 'broken' } as const;

/** A shop, its parking list, and a process that replays parked items. */
function replayShop(payments: PaymentProvider = simulatedPayments()) {
  const place = createShop({ payments, carrier: manualCarrier });
  const parking = createParking(place.direct, place.clock);
  const process = place.startProcess();
  const handle = vi.fn(async (_: RecordedEvent): Promise<void> => undefined);
  const handleRequest = createReplayRequestHandler({
    parking,
    store: place.store,
    managers: [{ ...process, handle }],
  });
  return {
    ...place,
    shop: place,
    parking,
    process,
    handle,
    /** Requests a replay as an operator does, and delivers the request. */
    replay: async (itemId: string) => {
      const at = place.clock().toISOString();
      await place.send(parkingStream, parkingDecider, {
        type: 'RequestReplay',
        itemId,
        requestedBy: 'olga',
        at,
      });
      const request = (await place.eventsOf(parkingStream)).at(-1);
      if (request === undefined) throw new RangeError('no replay was requested');
      await handleRequest(request);
      return { again: () => handleRequest(request) };
    },
    parked: async () =>
      (await parking.list()).map(({ times, reason, detail }) => ({ times, reason, detail })),
  };
}

const event: ParkedSubject = { group: 'fulfilment', kind: 'event', stream: 'order-o-1', revision: '0' };

describe('a replay', () => {
  it('handles the event again, once for each request', async () => {
    const { place, parking, handle, replay, parked, eventsOf } = replayShop();
    await place({ tea: 1 });
    const item = itemOf(event);
    await parking.park(item, BROKEN);
    const { again } = await replay(item.itemId);
    await again();
    expect(handle.mock.calls).toEqual([[(await eventsOf('order-o-1'))[0]]]);
    expect(await parked()).toEqual([]);
  });

  it('parks the item again with the new reason when it fails', async () => {
    const { place, parking, handle, replay, parked } = replayShop();
    await place({ tea: 1 });
    const item = itemOf(event);
    await parking.park(item, BROKEN);
    handle.mockRejectedValueOnce(new TypeError('still broken'));
    await replay(item.itemId);
    expect(await parked()).toEqual([
      { times: 2, reason: 'permanent-error', detail: 'TypeError: still broken' },
    ]);
  });

  it('is retried after an outage', async () => {
    const { place, parking, handle, replay, parked } = replayShop();
    await place({ tea: 1 });
    const item = itemOf(event);
    await parking.park(item, BROKEN);
    handle.mockRejectedValueOnce(new EventStoreUnavailable('planned'));
    await expect(replay(item.itemId)).rejects.toThrow(EventStoreUnavailable);
    expect(await parked()).toEqual([{ times: 1, ...BROKEN }]);
  });

  it('resolves the item of an event that was deleted', async () => {
    const { parking, handle, replay, parked } = replayShop();
    const item = itemOf(event);
    await parking.park(item, BROKEN);
    await replay(item.itemId);
    expect(handle).not.toHaveBeenCalled();
    expect(await parked()).toEqual([]);
  });
});

describe('a wait whose call fails', () => {
  /** An order that was cancelled after it was paid; the response to its refund cannot be recorded. */
  async function parkedWait() {
    const provider = simulatedPayments();
    const refund = vi.fn<PaymentProvider['refund']>(() => Promise.reject(new TypeError('a defect')));
    const place = replayShop({ ...provider, refund });
    await place.stock('tea', 1);
    await place.place({ tea: 1 });
    await runToRest(place.shop, place.process);
    await place.cancel();
    await runToRest(place.shop, place.process);
    return { ...place, refund, mend: () => refund.mockImplementation(provider.refund) };
  }

  it('is parked with the reason, and continues when it is replayed', async () => {
    const { shop, process, parking, parked, replay, mend, outcome, isCompleted } = await parkedWait();
    expect(await parked()).toEqual([
      { times: 1, reason: 'permanent-error', detail: 'RefundPayment: TypeError: a defect' },
    ]);
    const [item] = await parking.list();
    expect(item).toMatchObject({ ...waitItem(ORDER, 'refund'), status: 'parked' });

    mend();
    await replay(item?.itemId ?? '');
    await runToRest(shop, process);
    expect(await parked()).toEqual([]);
    expect(await outcome()).toMatchObject({ order: 'cancelled', payment: 'refunded' });
    expect(await isCompleted()).toBe(true);
  });

  it('is parked again when the call still fails, and stays parked when the replay ends', async () => {
    const { parking, parked, replay } = await parkedWait();
    const [item] = await parking.list();
    await replay(item?.itemId ?? '');
    expect(await parked()).toMatchObject([{ times: 2 }]);
  });

  it('is retried when the provider is unavailable after the replay', async () => {
    const { shop, process, parking, replay, refund, mend, parked, isCompleted } = await parkedWait();
    refund.mockImplementation(async () => ({ outcome: 'unavailable', reason: 'no response' }));
    await replay((await parking.list())[0]?.itemId ?? '');
    expect(await parked()).toEqual([]);
    mend();
    await runToRest(shop, process, { timeouts: 1 });
    expect(await isCompleted()).toBe(true);
  });

  it('has no timeout while it is parked, and a redelivery makes no call', async () => {
    const { shop, process, refund } = await parkedWait();
    expect(refund).toHaveBeenCalledTimes(1);
    expect(await shop.untilDue()).toBeUndefined();
    await runToRest(shop, process, { timeouts: 3 });
    expect(refund).toHaveBeenCalledTimes(1);
  });

  it('stays on the parking list when an operator replays it while it is being parked by a process that then crashes', async () => {
    const provider = simulatedPayments();
    const refund = vi.fn<PaymentProvider['refund']>(async () => ({ outcome: 'unavailable', reason: 'busy' }));
    const { shop, process, parking, parked, replay, ...place } = replayShop({ ...provider, refund });
    await place.stock('tea', 1);
    await place.place({ tea: 1 });
    await runToRest(shop, process);
    await place.cancel();
    await runToRest(shop, process);

    const park = vi.fn(parking.park);
    const { parkWait } = shop.startProcess(shop.ownHandler(), { parking: { ...parking, park } });
    park.mockImplementationOnce(async (item, why) => {
      const isNew = await parking.park(item, why);
      await replay(item.itemId);
      return isNew;
    });
    // The process crashes after it has recorded `WaitParked`.
    park.mockImplementationOnce(() => new Promise<never>(() => {}));
    void parkWait(ORDER, 'refund', BROKEN, { id: 'c' });
    await expect.poll(async () => (await place.typesOf('fulfilment-o-1')).at(-1)).toBe('WaitParked');
    expect(await parked()).toEqual([{ times: 2, ...BROKEN }]);

    refund.mockImplementation(provider.refund);
    await replay((await parking.list())[0]?.itemId ?? '');
    await runToRest(shop, process);
    expect(await parked()).toEqual([]);
    expect(await place.isCompleted()).toBe(true);
  });

  it('is removed from the parking list when an operator records the refund', async () => {
    const { shop, process, parked, resolvePayment, isCompleted } = await parkedWait();
    await resolvePayment('refunded');
    await runToRest(shop, process);
    expect(await parked()).toEqual([]);
    expect(await isCompleted()).toBe(true);
  });
});

describe('a refund that the provider rejects', () => {
  /** An order that was cancelled after it was paid; the provider rejected its refund until it was parked. */
  async function parkedRefund() {
    const provider = simulatedPayments();
    const refund = vi.fn<PaymentProvider['refund']>(async () => ({
      outcome: 'refused',
      reason: 'no such payment',
    }));
    const place = replayShop({ ...provider, refund });
    await place.stock('tea', 1);
    await place.place({ tea: 1 });
    await runToRest(place.shop, place.process);
    await place.cancel();
    await runToRest(place.shop, place.process, { timeouts: 10 });
    return { ...place, refund, giveIn: () => refund.mockImplementation(provider.refund) };
  }

  it('is requested five times, then parked until an operator replays it', async () => {
    const { shop, process, parking, parked, outcome, refund, giveIn, ...place } = await parkedRefund();
    expect(refund).toHaveBeenCalledTimes(5);
    expect(await parked()).toEqual([
      {
        times: 1,
        reason: 'call-refused',
        detail: 'RefundPayment is refused: no such payment',
      },
    ]);
    expect((await place.typesOf('fulfilment-o-1')).at(-1)).toBe('WaitParked');
    expect(await outcome('tea')).toMatchObject({ order: 'cancelled', stock: { tea: [1, 0] } });

    giveIn();
    const [item] = await parking.list();
    await place.replay(item?.itemId ?? '');
    await runToRest(shop, process, { timeouts: 1 });
    expect(await parked()).toEqual([]);
    expect(await outcome('tea')).toMatchObject({ order: 'cancelled', payment: 'refunded' });
    expect(await place.isCompleted()).toBe(true);
    expect(item).toMatchObject(waitItem(ORDER, 'refund'));
  });

  it('does not delay the delivery of the parcel', async () => {
    const refund = vi.fn<PaymentProvider['refund']>(async () => ({ outcome: 'refused', reason: 'not now' }));
    const provider = simulatedPayments();
    const { place, shop, process, parking, parked, outcome, ...more } = replayShop({ ...provider, refund });
    await more.stock('tea', 1);
    await place({ tea: 1 });
    await runToRest(shop, process);
    await more.dispatch();
    await more.requestRefund();
    await runToRest(shop, process, { timeouts: 10 });
    expect(await parked()).toMatchObject([{ times: 1 }]);

    await more.deliver();
    // Only this event: a redelivered refund request would resume the parked refund.
    await deliverLast(shop, process);
    expect(await outcome()).toMatchObject({ order: 'delivered', payment: 'refund-requested' });
    refund.mockImplementation(provider.refund);
    await more.replay((await parking.list())[0]?.itemId ?? '');
    await runToRest(shop, process, { timeouts: 1 });
    expect(await outcome()).toMatchObject({ order: 'delivered', payment: 'refunded' });
    expect((await more.typesOf('fulfilment-o-1')).at(-1)).toBe('FulfilmentCompleted');
    expect(await more.isCompleted()).toBe(true);
  });

  it('is requested again when an operator requests the refund', async () => {
    const { shop, process, outcome, giveIn, requestRefund, parked, isCompleted } = await parkedRefund();
    giveIn();
    await requestRefund();
    await runToRest(shop, process, { timeouts: 1 });
    expect(await parked()).toEqual([]);
    expect(await outcome('tea')).toMatchObject({ order: 'cancelled', payment: 'refunded' });
    expect(await isCompleted()).toBe(true);
  });

  it('is not requested again when an operator has recorded it', async () => {
    const { shop, process, refund, resolvePayment, isCompleted } = await parkedRefund();
    await resolvePayment('refunded');
    await runToRest(shop, process, { timeouts: 5 });
    expect(await isCompleted()).toBe(true);
    expect(refund).toHaveBeenCalledTimes(5);
  });
});
