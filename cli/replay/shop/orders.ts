import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { describeProblem, UnexpectedResponse } from '../../errors.ts';
import type { LeftOut, PlannedOrder } from '../plan.ts';
import type { OrdersInFlight } from './in-flight-orders.ts';
import { orderRequestId } from './replay-marks.ts';
import type { Shop } from './shop.ts';
import { isAtRest, type ShopOrder, waitsForDispatch } from './shop-order.ts';

export interface Placed {
  readonly planned: PlannedOrder;
  readonly order: ShopOrder;
  /** Milliseconds from the POST until the query API shows the order at rest. */
  readonly latencyMs: number;
}

/** Maximum wait without a change of the order: after that it is not expected to come to rest. */
const MAX_WAIT_MS = 300_000;

/**
 * Places every order, in the order of the file, with at most `concurrency` in flight. Returns them all at rest; `leftOut` are
 * those that the shop rejected as invalid.
 */
export async function placeOrders(
  shop: Shop,
  orders: readonly PlannedOrder[],
  options: { readonly concurrency: number; readonly inFlight: OrdersInFlight; readonly onOrder: () => void },
): Promise<{ readonly placed: readonly Placed[]; readonly leftOut: readonly LeftOut[] }> {
  const placed: Placed[] = [];
  const leftOut: LeftOut[] = [];
  await pLimit(options.concurrency).map(orders, async (planned) => {
    const startedAt = performance.now();
    const orderId = await place(shop, planned);
    if (typeof orderId !== 'string') leftOut.push({ order: planned, ...orderId });
    else {
      const order = await untilAtRest(shop, orderId, options.inFlight);
      placed.push({ planned, order, latencyMs: performance.now() - startedAt });
    }
    options.onOrder();
  });
  return { placed, leftOut };
}

async function place(shop: Shop, planned: PlannedOrder): Promise<string | { readonly problem: string }> {
  const { invoice, customerId, items, digest } = planned;
  const answer = await shop.command(
    'POST',
    '/api/v1/orders',
    { customerId, items },
    { key: `replay-${digest}`, requestId: orderRequestId(planned) },
  );
  if (answer.status === 422) return { problem: `was rejected by the shop: ${describeProblem(answer.body)}` };
  if (answer.status !== 201) throw new UnexpectedResponse(`POST /api/v1/orders (invoice ${invoice})`, answer);
  return String(answer.body.orderId);
}

/** Polls with a pause of a tenth of the time waited so far, so measured latencies are at most a tenth too long. */
export async function untilAtRest(shop: Shop, orderId: string, inFlight: OrdersInFlight): Promise<ShopOrder> {
  const startedAt = performance.now();
  try {
    for (;;) {
      const waited = performance.now() - startedAt;
      await sleep(Math.min(1_000, Math.max(20, waited / 10)));
      const answer = await shop.query(`/api/v1/orders/${orderId}`);
      if (answer.status !== 200 && answer.status !== 404)
        throw new UnexpectedResponse(`GET order ${orderId}`, answer);
      const order = answer.body as unknown as ShopOrder;
      if (answer.status === 200 && isAtRest(order)) return order;
      inFlight.update(orderId, answer.status === 200 ? order : undefined);
      // An operator may take any time to dispatch an order; every other change comes without an operator.
      if (waited > MAX_WAIT_MS && !waitsForDispatch(order)) return order;
    }
  } finally {
    inFlight.remove(orderId);
  }
}
