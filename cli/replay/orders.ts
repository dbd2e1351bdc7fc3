import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Plan, PlannedOrder } from './plan.ts';
import { type Shop, UnexpectedAnswer } from './shop.ts';

/** An order at rest, as the query API shows it. */
export interface OrderAtRest {
  readonly orderId: string;
  readonly status: string;
  readonly total: { readonly amount: number; readonly currency: string };
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  readonly updatedAt: string;
}
export interface Placed {
  readonly planned: PlannedOrder;
  readonly order: OrderAtRest;
  /** From the POST until the query API shows it at rest. */
  readonly latencyMs: number;
}

const AT_REST = new Set(['shipped', 'delivered', 'rejected', 'cancelled']);
/** An order that does not move for this long will not come to rest by itself. */
const PATIENCE_MS = 300_000;

/** Places every order, in the file's order, with at most so many between POST and rest; answers them all at rest. */
export async function placeOrders(
  shop: Shop,
  plan: Plan,
  options: { readonly concurrency: number; readonly onOrder: (placed: Placed) => void },
): Promise<Placed[]> {
  const limit = pLimit(options.concurrency);
  return limit.map(plan.orders, async (planned) => {
    const startedAt = performance.now();
    const orderId = await place(shop, plan, planned);
    const order = await untilAtRest(shop, orderId);
    const placed = { planned, order, latencyMs: performance.now() - startedAt };
    options.onOrder(placed);
    return placed;
  });
}

async function place(shop: Shop, plan: Plan, { invoice, customerId, items }: PlannedOrder): Promise<string> {
  const units = items.reduce((total, { quantity }) => total + quantity, 0);
  const key = `replay-${plan.digest}-${invoice}-${units}`;
  const { status, body } = await shop.command('POST', '/api/v1/orders', { customerId, items }, key);
  if (status !== 201) throw new UnexpectedAnswer(`POST /api/v1/orders (invoice ${invoice})`, status, body);
  return String(body.orderId);
}

/** Asks often at first and less often later: a tenth of the time waited so far, so latencies are at most a tenth off. */
async function untilAtRest(shop: Shop, orderId: string): Promise<OrderAtRest> {
  const startedAt = performance.now();
  for (;;) {
    const waited = performance.now() - startedAt;
    await sleep(Math.min(1_000, Math.max(20, waited / 10)));
    const { status, body } = await shop.query(`/api/v1/orders/${orderId}`);
    if (status === 200 && AT_REST.has(String(body.status))) return body as unknown as OrderAtRest;
    if (status !== 200 && status !== 404) throw new UnexpectedAnswer(`GET order ${orderId}`, status, body);
    if (waited > PATIENCE_MS) return body as unknown as OrderAtRest;
  }
}

export const isAtRest = (order: OrderAtRest): boolean => AT_REST.has(order.status);
export const isShipped = ({ status }: OrderAtRest): boolean => status === 'shipped' || status === 'delivered';
