import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { openAudit } from '../../../../bin/audit.ts';
import { catalogue } from '../../../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../../../event-store/connect.ts';
import { readConfig } from '../../../../platform/config/config.ts';
import type { AcknowledgedOrder } from '../load/acknowledged-order.ts';
import type { Customers } from '../load/customers.ts';
import type { PaymentServer } from '../payment-provider/payment-server.ts';
import type { Fleet } from '../processes/fleet.ts';
import { Ledger, type OrderInLedger } from './ledger.ts';
import { OrdersStuck } from './stuck-orders.ts';

const AT_REST_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 100;
/** Number of orders that are placed again at the end. */
const REPEATED_ORDERS = 50;

export interface VerifiedSystem {
  readonly orders: number;
  readonly events: number;
}

/**
 * Verifies a system whose processes all run and whose customers have finished. Waits until every order is at rest. Then
 * each acknowledged order exists once with an allowed outcome, nothing happened twice, stock and money reconcile with
 * the payment provider's records, and every document of every read model equals a fresh fold of the events.
 */
export async function verifySystem(
  fleet: Fleet,
  customers: Customers,
  paymentServer: PaymentServer,
): Promise<VerifiedSystem> {
  const config = readConfig(fleet.environment.env);
  const store = connectEventStore({ catalogue, url: config.eventStoreUrl });
  const audit = await openAudit(config);
  try {
    const ledger = new Ledger(store);
    const stuck = await ordersNotAtRest(ledger, customers.orders);
    if (stuck.length > 0) throw await OrdersStuck.of(stuck, fleet.environment, store);

    const placed = customers.orders.map(({ orderId }) => orderId);
    expect([...ledger.orders.keys()].sort(), 'the log has the acknowledged orders and no others').toEqual(
      placed.sort(),
    );
    expect(ledger.duplicates, 'events that were recorded twice').toEqual([]);
    expect(sorted(ledger.received), 'units received').toEqual(sorted(customers.received));
    expect(wrongOutcomes(customers.orders, ledger.orders), 'orders with a wrong outcome').toEqual([]);
    expect(paymentServer.differences(ledger.orders), 'differences to the payment provider').toEqual([]);

    for (const order of customers.orders.slice(-REPEATED_ORDERS))
      expect(await customers.placeAgain(order), 'the order id for the same key').toBe(order.orderId);
    const { events } = ledger;
    await ledger.readNewEvents();
    expect(ledger.events, 'number of events after repeating orders').toBe(events);

    const { checks } = await audit.end();
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(0);
    return { orders: placed.length, events };
  } finally {
    await Promise.all([store.close(), audit.close()]);
  }
}

/** Waits until all orders are at rest. Returns those that are not in time, with what the log says about them. */
async function ordersNotAtRest(
  ledger: Ledger,
  orders: readonly AcknowledgedOrder[],
): Promise<readonly object[]> {
  const deadline = Date.now() + AT_REST_WITHIN_MS;
  for (;;) {
    await ledger.readNewEvents();
    const inFlight = orders.filter(({ orderId }) => ledger.orders.get(orderId)?.isAtRest !== true);
    if (inFlight.length === 0 || Date.now() > deadline)
      return inFlight.map((order) => ({ ...order, ...ledger.orders.get(order.orderId) }));
    await sleep(LOOK_EVERY_MS);
  }
}

/** Returns the orders whose status or money contradicts the responses to their customers. */
function wrongOutcomes(
  acknowledged: readonly AcknowledgedOrder[],
  orders: ReadonlyMap<string, OrderInLedger>,
): unknown[] {
  return acknowledged.flatMap(({ orderId, allowedStatuses, isRefunded }) => {
    const { status = 'missing', captured = 0, refunded = 0 } = orders.get(orderId) ?? {};
    const isSold = (status === 'shipped' || status === 'delivered') && !isRefunded;
    const isRight = allowedStatuses.includes(status) && captured - refunded > 0 === isSold;
    return isRight ? [] : [{ orderId, allowedStatuses, isRefunded, status, captured, refunded }];
  });
}

const sorted = (counts: ReadonlyMap<string, number>) => [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
