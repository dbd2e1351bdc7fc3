import { setTimeout as sleep } from 'node:timers/promises';
import type { Cli } from '../cli.ts';
import { CommandFailed, exitCodes } from '../errors.ts';
import type { ApiRequest } from '../http/answer.ts';
import { failureOf } from '../http/problems.ts';
import type { Order } from '../orders/order.ts';
import { type DemoOrder, signatureOf, type Target } from './orders.ts';
import { cancelOrder, deliverOrder, dispatchOrder } from './requests.ts';
import { inParallel, ordersOf } from './shop.ts';

const PAUSE_MS = 500;
const MAX_WAIT_MS = 90_000;
/** A carrier that dispatches by itself needs less. After that, an operator does. */
const CARRIER_MS = 3_000;

/** Statuses in which an order of each target is done. A cancellation that came too late leaves a shipped order. */
const DONE: Readonly<Record<Target, readonly string[]>> = {
  delivered: ['delivered'],
  shipped: ['shipped', 'delivered'],
  confirmed: ['confirmed', 'shipped', 'delivered'],
  cancelled: ['cancelled', 'shipped', 'delivered'],
  declined: ['rejected'],
  'out-of-stock': ['rejected'],
  placed: ['placed', 'rejected'],
};

/**
 * Waits until every order has come as far as it shall; dispatches and delivers those that wait for it. Throws
 * `CommandFailed` when some do not move.
 */
export async function advance(
  cli: Cli,
  orders: readonly DemoOrder[],
  print: (text: string) => void,
): Promise<void> {
  const confirmedSince = new Map<string, number>();
  const deadline = performance.now() + MAX_WAIT_MS;
  for (let reported = -1; ; ) {
    const placed = await ordersOf(cli);
    const open = orders.flatMap((demo) => {
      const order = placed.get(signatureOf(demo));
      if (order === undefined) return [];
      return DONE[demo.target].includes(order.status) ? [] : [{ demo, order }];
    });
    if (open.length === 0) return;
    if (performance.now() > deadline) throw stuck(open.map(({ order }) => order));
    if (open.length !== reported) print(`${open.length} orders are on their way`);
    reported = open.length;
    await inParallel(open, async ({ demo, order }) => {
      const next = nextStep(demo.target, order, confirmedSince);
      if (next !== undefined) await send(cli, next);
    });
    await sleep(PAUSE_MS);
  }
}

/** Returns what an operator has to do for an order now. */
function nextStep(target: Target, order: Order, confirmedSince: Map<string, number>): ApiRequest | undefined {
  const { orderId, status, shipment } = order;
  // An earlier run placed it, and crashed before it cancelled it.
  if (target === 'cancelled') return cancelOrder(orderId);
  if (status === 'shipped' && target === 'delivered') return deliverOrder(orderId);
  if (status !== 'confirmed' || shipment?.status !== 'requested') return undefined;
  const since = confirmedSince.get(orderId) ?? performance.now();
  confirmedSince.set(orderId, since);
  return performance.now() - since > CARRIER_MS ? dispatchOrder(orderId) : undefined;
}

async function send(cli: Cli, request: ApiRequest): Promise<void> {
  const answer = await cli.client.answerTo(request);
  // 409: it was done meanwhile, by the carrier or by another operator.
  if (answer.status !== 200 && answer.status !== 409) throw failureOf(`POST ${request.path}`, answer);
}

const stuck = ([first, ...others]: readonly Order[]) =>
  new CommandFailed(
    exitCodes.failed,
    `${1 + others.length} orders do not move, such as ${first?.orderId}, which is ${first?.status}\n"orderstream status" shows whether every role is ready. Run "orderstream demo" again to continue.`,
  );
