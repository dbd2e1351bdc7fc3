import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levels } from '../inventory/state.ts';
import { noActions } from '../kernel/workflow.ts';
import type { FulfilmentEvent } from './events.ts';
import { plans, type Scenario, scenarios, uninterruptedPlans } from './testing/world/scenario.ts';
import type { Shop, ShopOrder } from './testing/world/shop.ts';
import { runWorld } from './testing/world/world.ts';
import { fulfilmentWorkflow } from './workflow.ts';

const exceptionsOf = (log: readonly FulfilmentEvent[]) =>
  log.flatMap(({ type, data }) => (type === 'FulfilmentExceptionRecorded' ? [data.kind] : []));

function expectEnded({ id, order, payment, shipment, fulfilment }: ShopOrder, { policy }: Scenario): void {
  const { actions } = fulfilmentWorkflow(policy);
  const { exceptions: _, endedWaits: __, ...todo } = actions(fulfilment.state());
  expect({ ...noActions, ...todo }, id).toEqual(noActions);
  expect(fulfilment.log.at(-1)?.type).toBe('FulfilmentCompleted');
  const { status } = order.state();
  expect(['delivered', 'rejected', 'cancelled']).toContain(status);
  expect(shipment.state().status === 'delivered').toBe(status === 'delivered');
  expect(payment.state().status).not.toBe('requested');
}

/** A parcel of a cancelled order is recorded as an exception, and the carrier returns it. */
function expectStrayParcelReturned({ order, shipment, fulfilment, carrier }: ShopOrder): void {
  const isStray = carrier.hasTaken && order.state().status !== 'delivered';
  const recalls = shipment.log.flatMap(({ type, data }) =>
    type === 'ShipmentRecalled' ? [data.outcome] : [],
  );
  expect(recalls.includes('returning')).toBe(isStray);
  expect(exceptionsOf(fulfilment.log).includes('dispatched-after-cancel')).toBe(isStray);
}

/** The provider keeps the money of delivered orders that were not refunded, and the record says the same. */
function expectMoneyBalanced({ order, payment, provider, total }: ShopOrder): void {
  const isRefundRequested = payment.log.some(({ type }) => type === 'RefundRequested');
  const isSold = order.state().status === 'delivered' && !isRefundRequested;
  expect(provider.hasMoved && !provider.hasRefunded ? total : 0, 'money that the provider keeps').toBe(
    isSold ? total : 0,
  );
  const captures = payment.log.filter(({ type }) => type === 'PaymentCaptured').length;
  const refunds = payment.log.filter(({ type }) => type === 'PaymentRefunded').length;
  expect([captures, refunds]).toEqual([Number(provider.hasMoved), Number(provider.hasRefunded)]);
}

/** Each product has lost the units of delivered orders, and holds none any more. */
function expectStockBalanced({ orders, inventory }: Shop, { stock }: Scenario): void {
  const sold = orders
    .filter(({ order }) => order.state().status === 'delivered')
    .flatMap(({ plan }) => plan.lines);
  for (const [product, stream] of inventory) {
    const units = sold
      .filter(({ productId }) => productId === product)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const onHand = stock - units;
    expect(levels(stream.state())).toEqual({ onHand, reserved: 0, available: onHand });
  }
}

describe('with crashes, duplicates, parked waits and any order of events', () => {
  it('every order ends, and stock, payments and parcels are consistent', () => {
    const any = scenarios(fc.array(plans, { minLength: 1, maxLength: 3 }), { min: 2, max: 9 });
    fc.assert(
      fc.property(any, (scenario) => {
        const shop = runWorld(scenario);
        for (const order of shop.orders) {
          expectEnded(order, scenario);
          expectStrayParcelReturned(order);
          expectMoneyBalanced(order);
        }
        expectStockBalanced(shop, scenario);
      }),
      { numRuns: 400 },
    );
  });

  it('an uninterrupted order is delivered or rejected, depending on the stock and the provider', () => {
    const paymentGiveUpMs = Number.MAX_SAFE_INTEGER / 1_000;
    const any = scenarios(fc.tuple(uninterruptedPlans), { min: 2, max: 5 }, { paymentGiveUpMs });
    fc.assert(
      fc.property(any, (scenario) => {
        const [plan] = scenario.plans;
        const deciding = plan?.captures.find(
          (script) => script !== 'is unavailable' && script !== 'loses the request',
        );
        const provider = deciding ?? plan?.atLast;
        fc.pre(provider !== 'is unavailable');
        const isShort = plan?.lines.some(({ quantity }) => quantity > scenario.stock) === true;
        const [order] = runWorld(scenario).orders;
        const isRejected = isShort || provider === 'declines';
        expect(order?.order.state().status).toBe(isRejected ? 'rejected' : 'delivered');
      }),
      { numRuns: 300 },
    );
  });

  it('an order whose shipment was cancelled is cancelled, unless it was rejected before', () => {
    const cancelled = plans.map((plan) => ({ ...plan, customerCancels: true }));
    const any = scenarios(fc.array(cancelled, { minLength: 1, maxLength: 1 }), { min: 9, max: 9 });
    fc.assert(
      fc.property(any, (scenario) => {
        const [order] = runWorld(scenario).orders;
        if (order?.shipment.state().status !== 'cancelled') return;
        const isUnpaid = order.payment.log.some(
          ({ type }) => type === 'PaymentDeclined' || type === 'PaymentFailed',
        );
        expect(isUnpaid ? ['rejected', 'cancelled'] : ['cancelled']).toContain(order.order.state().status);
      }),
      { numRuns: 300 },
    );
  });
});
