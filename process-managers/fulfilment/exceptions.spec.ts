import { describe, expect, it } from 'vitest';
import { parkingDecider } from '../../domain/parking/decider.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { parkingStream } from '../../event-catalogue/streams.ts';
import { autoCarrier, type Carrier } from '../../integrations/carrier/carrier.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { createParking } from '../engine/parking/parking.ts';
import { runToRest } from './testing/deliveries.ts';
import { createShop, ORDER, type Shop } from './testing/shop.ts';

const parked = async (shop: Shop) =>
  (await createParking(shop.direct, shop.clock).list()).map(
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
      await shop.cancel();
      if (answerIsLost) throw new Error('the connection was reset');
      return answer;
    },
  };
  const shop: Shop = createShop({ carrier });
  await shop.stock('tea', 10);
  await shop.place({ tea: 4 });
  await runToRest(shop, shop.startProcess(), { timeouts: 2 });
  return shop;
}

describe('a carrier that takes the parcel of a cancelled order', () => {
  it('receives a recall, the payment is refunded, and an exception is parked', async () => {
    const shop = await cancelledAtDispatch();
    expect(await shop.outcome('tea')).toEqual({
      order: 'cancelled',
      payment: 'refunded',
      shipment: 'cancelled',
      stock: { tea: [10, 0] },
    });
    expect((await shop.eventsOf('shipment-o-1')).slice(1).map(({ event }) => event)).toMatchObject([
      { type: 'ShipmentCancelled' },
      { type: 'ShipmentContradicted', data: { kind: 'dispatched-after-cancel' } },
      { type: 'ShipmentRecalled', data: { outcome: 'returning' } },
    ]);
    expect(await shop.typesOf('fulfilment-o-1')).toContain('FulfilmentExceptionRecorded');
    expect(await parked(shop)).toEqual([PARKED]);
    expect(await shop.isCompleted()).toBe(true);
  });

  it('is detected by the recall when the response to the dispatch was lost', async () => {
    const shop = await cancelledAtDispatch({ answerIsLost: true });
    expect(await shop.typesOf('shipment-o-1')).toEqual([
      'ShipmentRequested',
      'ShipmentCancelled',
      'ShipmentContradicted',
      'ShipmentRecalled',
    ]);
    expect(await parked(shop)).toEqual([PARKED]);
    expect(await shop.outcome()).toMatchObject({ order: 'cancelled', payment: 'refunded' });
    expect(await shop.isCompleted()).toBe(true);
  });

  it('is not parked again by a redelivery after an operator has discarded the exception', async () => {
    const shop = await cancelledAtDispatch();
    const [item] = await parked(shop);
    await shop.send(parkingStream, parkingDecider, {
      type: 'DiscardItem',
      itemId: item?.itemId ?? '',
      reason: 'the parcel is back',
      discardedBy: 'olga',
    });
    const process = shop.startProcess();
    for (const recorded of await shop.events()) await process.handle(recorded);
    expect(await parked(shop)).toEqual([]);
  });
});

describe('a recall for an order that was cancelled in time', () => {
  it('finds no parcel and parks nothing', async () => {
    const shop = createShop({
      carrier: { ...autoCarrier(), dispatch: async () => ({ outcome: 'by-operator' }) },
    });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    const process = shop.startProcess();
    await runToRest(shop, process);
    await shop.cancel();
    await runToRest(shop, process);
    expect((await shop.eventsOf('shipment-o-1')).at(-1)?.event).toMatchObject({
      type: 'ShipmentRecalled',
      data: { outcome: 'nothing-taken' },
    });
    expect(await parked(shop)).toEqual([]);
    expect(await shop.isCompleted()).toBe(true);
  });
});

describe('a provider that captures the payment of a cancelled order', () => {
  it('refunds it, and an exception is parked', async () => {
    const payments = simulatedPayments();
    const shop: Shop = createShop({
      payments: {
        ...payments,
        capture: async (request) => {
          const answer = await payments.capture(request);
          await shop.cancel();
          for (const recorded of (await shop.events()).slice(-2)) await process.handle(recorded);
          return answer;
        },
      },
    });
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    const process = shop.startProcess();
    await runToRest(shop, process, { timeouts: 3 });
    expect(await shop.outcome('tea')).toMatchObject({
      order: 'cancelled',
      payment: 'refunded',
      stock: { tea: [10, 0] },
    });
    expect(await parked(shop)).toMatchObject([{ kind: 'exception', type: 'captured-after-cancel' }]);
    expect(await shop.isCompleted()).toBe(true);
  });
});

describe('a provider that declines what it has captured', () => {
  it('changes nothing, and one exception is parked', async () => {
    const shop = createShop();
    await shop.stock('tea', 10);
    await shop.place({ tea: 4 });
    const process = shop.startProcess();
    await runToRest(shop, process);
    for (let time = 0; time < 2; time += 1)
      await shop.send(`payment-${ORDER}`, paymentDecider, { type: 'RecordDecline', reason: 'no money' });
    await runToRest(shop, process);
    expect(await shop.outcome()).toMatchObject({ order: 'shipped', payment: 'captured' });
    expect(await parked(shop)).toMatchObject([
      {
        type: 'declined-after-capture',
        detail: 'the provider captured the payment, then said: declined',
      },
    ]);
  });
});
