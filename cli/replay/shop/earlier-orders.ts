import pLimit from 'p-limit';
import type { PlannedOrder } from '../plan.ts';
import type { OrdersInFlight } from './in-flight-orders.ts';
import { untilAtRest } from './orders.ts';
import { type History, invoiceMark } from './replay-marks.ts';
import type { Shop } from './shop.ts';
import type { ShopOrder } from './shop-order.ts';

/** An invoice that earlier replays sold with other lines, or to another customer. */
export interface ChangedInvoice {
  readonly invoice: string;
  /** The earlier orders, in the order of the log. */
  readonly orders: readonly ShopOrder[];
}

const AT_ONCE = 32;

/** Finds the invoices that earlier replays sold with other lines, and waits until those orders are at rest. */
export async function findChanged(
  shop: Shop,
  planned: readonly PlannedOrder[],
  { orders }: History,
  inFlight: OrdersInFlight,
): Promise<ChangedInvoice[]> {
  const limit = pLimit(AT_ONCE);
  const changed = planned.flatMap(({ invoice, digest }) => {
    const others = (orders.get(invoiceMark(invoice)) ?? []).filter((order) => order.digest !== digest);
    return others.length === 0 ? [] : [{ invoice, orderIds: others.map(({ orderId }) => orderId) }];
  });
  return Promise.all(
    changed.map(async ({ invoice, orderIds }) => ({
      invoice,
      orders: await limit.map(orderIds, (orderId) => untilAtRest(shop, orderId, inFlight)),
    })),
  );
}

/** Counts the orders of a plan that earlier replays placed with the same lines. */
export const countPlacedBefore = (planned: readonly PlannedOrder[], { orders }: History): number =>
  planned.filter(({ invoice, digest }) =>
    orders.get(invoiceMark(invoice))?.some((order) => order.digest === digest),
  ).length;
