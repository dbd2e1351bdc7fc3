import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { openAudit } from '../../../../bin/audit.ts';
import { catalogue } from '../../../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../../../event-store/connect.ts';
import { readConfig } from '../../../../platform/config/config.ts';
import type { Acknowledged, Customers } from '../load/customers.ts';
import type { BankCounter } from '../payment-provider/payment-server.ts';
import type { Fleet } from '../processes/fleet.ts';
import { Ledger, type OrderInLedger } from './ledger.ts';
import { StandStill } from './stuck-orders.ts';

const AT_REST_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 100;
/** So many orders are sent a last time. */
const REPEATS = 50;

export interface Reckoned {
  readonly orders: number;
  readonly events: number;
}

/**
 * With all processes up and every customer answered: waits until every order is at rest, then expects each acknowledged
 * order to be there once, with what its customer was told, nothing to have happened twice, the books to balance and to say
 * what the bank's say, and every document of every read model to equal a fresh fold of the events.
 */
export async function reckon(fleet: Fleet, customers: Customers, bank: BankCounter): Promise<Reckoned> {
  const config = readConfig(fleet.place.env);
  const store = connectEventStore({ catalogue, url: config.eventStoreUrl });
  const audit = await openAudit(config);
  try {
    const ledger = new Ledger(store);
    const stuck = await neverAtRest(ledger, customers.orders);
    if (stuck.length > 0) throw await StandStill.of(stuck, fleet.place, store);

    const placed = customers.orders.map(({ orderId }) => orderId);
    expect([...ledger.orders.keys()].sort(), 'each acknowledged order is there, and no other').toEqual(
      placed.sort(),
    );
    expect(ledger.repeated, 'what happened twice').toEqual([]);
    expect(sorted(ledger.received), 'units received').toEqual(sorted(customers.received));
    expect(complaints(customers.orders, ledger.orders)).toEqual([]);
    expect(bank.differences(ledger.orders), 'what the bank says differently').toEqual([]);

    for (const order of customers.orders.slice(-REPEATS))
      expect(await customers.repeat(order), 'the same key has the same order').toBe(order.orderId);
    const { events } = ledger;
    await ledger.readOn();
    expect(ledger.events, 'events after sending orders again').toBe(events);

    const { checks } = await audit.end();
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(0);
    return { orders: placed.length, events };
  } finally {
    await Promise.all([store.close(), audit.close()]);
  }
}

/** Those that do not come to rest in time, with all that is known of them. */
async function neverAtRest(ledger: Ledger, orders: readonly Acknowledged[]): Promise<readonly object[]> {
  const deadline = Date.now() + AT_REST_WITHIN_MS;
  for (;;) {
    await ledger.readOn();
    const underWay = orders.filter(({ orderId }) => ledger.orders.get(orderId)?.isAtRest !== true);
    if (underWay.length === 0 || Date.now() > deadline)
      return underWay.map((order) => ({ ...order, ...ledger.orders.get(order.orderId) }));
    await sleep(LOOK_EVERY_MS);
  }
}

/** Orders with which something else became of than their customers were told. */
function complaints(
  acknowledged: readonly Acknowledged[],
  orders: ReadonlyMap<string, OrderInLedger>,
): unknown[] {
  return acknowledged.flatMap(({ orderId, mayBe, isRefunded }) => {
    const { status = 'missing', captured = 0, refunded = 0 } = orders.get(orderId) ?? {};
    const isSold = (status === 'shipped' || status === 'delivered') && !isRefunded;
    const isRight = mayBe.includes(status) && captured - refunded > 0 === isSold;
    return isRight ? [] : [{ orderId, mayBe, isRefunded, status, captured, refunded }];
  });
}

const sorted = (counts: ReadonlyMap<string, number>) => [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
