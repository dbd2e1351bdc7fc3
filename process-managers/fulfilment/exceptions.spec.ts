import { describe, expect, it } from 'vitest';
import { parkingDecider } from '../../domain/parking/decider.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { parkingStream } from '../../event-catalogue/streams.ts';
import { autoCarrier, type Carrier } from '../../integrations/carrier/carrier.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { createParking } from '../engine/parking/parking.ts';
import { ORDER, runToRest, type Shop, shop } from './testing/shop.ts';

const parked = async (here: Shop) =>
  (await createParking(here.direct, here.clock).list()).map(
    ({ itemId, subject: { kind, type, orderId }, reason, detail }) => ({
      itemId,
      kind,
      type,
      orderId,
      reason,
      detail,
    }),
  );

const TAKEN = /^Stream Parcels took the parcel SP[0-9A-F]{16} after the shipment was cancelled$/;
const PARKED = {
  itemId: expect.stringMatching(/^[0-9a-f]{24}$/),
  kind: 'exception',
  type: 'dispatched-after-cancel',
  orderId: 'o-1',
  reason: 'exception',
  detail: expect.stringMatching(TAKEN),
};

/** Runs a shop in which an order is cancelled while the carrier takes its parcel. */
async function cancelledAtDispatch({ answerIsLost = false } = {}) {
  const auto = autoCarrier();
  const carrier: Carrier = {
    ...auto,
    dispatch: async (request) => {
      const answer = await auto.dispatch(request);
      await here.cancel();
      if (answerIsLost) throw new Error('the connection was reset');
      return answer;
    },
  };
  const here: Shop = shop({ carrier });
  await here.stock('tea', 10);
  await here.place({ tea: 4 });
  await runToRest(here, here.startProcess(), { timeouts: 2 });
  return here;
}

describe('a carrier that takes the parcel of a cancelled order', () => {
  it('is asked to return it, the money is refunded, and an exception is parked', async () => {
    const here = await cancelledAtDispatch();
    expect(await here.books('tea')).toEqual({
      order: 'cancelled',
      payment: 'refunded',
      shipment: 'cancelled',
      stock: { tea: [10, 0] },
    });
    expect((await here.eventsOf('shipment-o-1')).slice(1).map(({ event }) => event)).toMatchObject([
      { type: 'ShipmentCancelled' },
      { type: 'ShipmentContradicted', data: { kind: 'dispatched-after-cancel' } },
      { type: 'ShipmentRecalled', data: { outcome: 'returning' } },
    ]);
    expect(await here.typesOf('fulfilment-o-1')).toContain('FulfilmentExceptionRecorded');
    expect(await parked(here)).toEqual([PARKED]);
    expect(await here.atRest()).toBe(true);
  });

  it('is detected by the recall when the response to the dispatch was lost', async () => {
    const here = await cancelledAtDispatch({ answerIsLost: true });
    expect(await here.typesOf('shipment-o-1')).toEqual([
      'ShipmentRequested',
      'ShipmentCancelled',
      'ShipmentContradicted',
      'ShipmentRecalled',
    ]);
    expect(await parked(here)).toEqual([PARKED]);
    expect(await here.books()).toMatchObject({ order: 'cancelled', payment: 'refunded' });
    expect(await here.atRest()).toBe(true);
  });

  it('is not parked again by a redelivery after an operator has discarded the exception', async () => {
    const here = await cancelledAtDispatch();
    const [item] = await parked(here);
    await here.send(parkingStream, parkingDecider, {
      type: 'DiscardItem',
      itemId: item?.itemId ?? '',
      reason: 'the parcel is back',
      discardedBy: 'olga',
    });
    const process = here.startProcess();
    for (const recorded of await here.heard()) await process.handle(recorded);
    expect(await parked(here)).toEqual([]);
  });
});

describe('a recall for an order that was cancelled in time', () => {
  it('finds no parcel and parks nothing', async () => {
    const here = shop({ carrier: { ...autoCarrier(), dispatch: async () => ({ outcome: 'by-operator' }) } });
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    const process = here.startProcess();
    await runToRest(here, process);
    await here.cancel();
    await runToRest(here, process);
    expect((await here.eventsOf('shipment-o-1')).at(-1)?.event).toMatchObject({
      type: 'ShipmentRecalled',
      data: { outcome: 'nothing-taken' },
    });
    expect(await parked(here)).toEqual([]);
    expect(await here.atRest()).toBe(true);
  });
});

describe('a provider that captures the payment of a cancelled order', () => {
  it('refunds it, and an exception is parked', async () => {
    const payments = simulatedPayments();
    const here: Shop = shop({
      payments: {
        ...payments,
        capture: async (request) => {
          const answer = await payments.capture(request);
          await here.cancel();
          for (const recorded of (await here.heard()).slice(-2)) await process.handle(recorded);
          return answer;
        },
      },
    });
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    const process = here.startProcess();
    await runToRest(here, process, { timeouts: 3 });
    expect(await here.books('tea')).toMatchObject({
      order: 'cancelled',
      payment: 'refunded',
      stock: { tea: [10, 0] },
    });
    expect(await parked(here)).toMatchObject([{ kind: 'exception', type: 'captured-after-cancel' }]);
    expect(await here.atRest()).toBe(true);
  });
});

describe('a provider that declines what it has captured', () => {
  it('changes nothing, and one exception is parked', async () => {
    const here = shop();
    await here.stock('tea', 10);
    await here.place({ tea: 4 });
    const process = here.startProcess();
    await runToRest(here, process);
    for (let time = 0; time < 2; time += 1)
      await here.send(`payment-${ORDER}`, paymentDecider, { type: 'RecordDecline', reason: 'no money' });
    await runToRest(here, process);
    expect(await here.books()).toMatchObject({ order: 'shipped', payment: 'captured' });
    expect(await parked(here)).toMatchObject([
      {
        type: 'declined-after-capture',
        detail: 'the provider captured the payment, then said: declined',
      },
    ]);
  });
});
