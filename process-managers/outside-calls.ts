import { EventEmitter, once, setMaxListeners } from 'node:events';
import type { OutsideCall } from '../domain/fulfilment/steps.ts';
import type { OrderId } from '../domain/kernel/ids.ts';
import type { Logger } from '../event-store/logger.ts';
import { limitOutageWarnings } from '../platform/logging/limit-warnings.ts';
import type { Cause } from './causes.ts';
import { FairQueue } from './fair-queue.ts';
import type { OrderInHand } from './steps.ts';
import { isOutage } from './verdicts.ts';

/**
 * Makes one external call, the `attempt`-th of its kind for this order, and records its outcome. May throw: the recorded
 * deadline retries the call.
 */
export type MakeCall = (
  order: OrderInHand,
  call: OutsideCall,
  cause: Cause,
  signal: AbortSignal,
  attempt: number,
) => Promise<void>;

export interface OutsideCallsOptions {
  readonly make: MakeCall;
  /** Maximum number of running calls in this process. One kind, customer or payment token takes at most three quarters. */
  readonly atOnce: number;
  /** Maximum number of queued calls; the deadline retries calls beyond it. */
  readonly waiting: number;
  readonly logger: Logger;
}

export interface OutsideCalls {
  /**
   * Says all that an order now wants of the outside: what is neither running nor waiting is queued, what still waits
   * and is wanted no more is forgotten. The same call of an order never runs twice at once. Returns at once.
   */
  want(order: OrderInHand, calls: readonly OutsideCall[], cause: Cause, attempt: number): void;
  counts(): { readonly running: number; readonly waiting: number };
  /** When none of an order runs or waits. */
  ended(orderId: OrderId): Promise<void>;
  /** When nothing runs and nothing waits. */
  idle(): Promise<void>;
  /** Forgets what waits, lets what runs end, and after `graceMs` aborts it. */
  stop(graceMs: number): Promise<void>;
}

const KINDS: readonly OutsideCall['call'][] = [
  'capture-payment',
  'settle-payment',
  'refund-payment',
  'dispatch-shipment',
  'recall-shipment',
];

/** When calls of one customer, token or kind hang, a quarter of the places stays free for others. */
const LANE_SHARE = 0.75;

const lanesOf = ({ customerId }: OrderInHand, call: OutsideCall): readonly string[] => [
  call.call,
  `customer ${customerId}`,
  ...(call.call === 'capture-payment' ? [`token ${call.paymentToken}`] : []),
];

/** Makes external calls in the background: no delivery waits for them, and a deadline covers each. */
export function outsideCalls({ make, atOnce, waiting: room, logger }: OutsideCallsOptions): OutsideCalls {
  const aborter = new AbortController();
  // Each call that runs listens to it.
  setMaxListeners(0, aborter.signal);
  /** Tells, by its key, of each call that ended or was forgotten. */
  const over = new EventEmitter();
  const queue = new FairQueue({
    atOnce,
    perLane: Math.ceil(atOnce * LANE_SHARE),
    over: (key) => void over.emit(key),
  });
  let stopped = false;
  /** One warning per outage, which affects many orders. */
  const outages = limitOutageWarnings(logger, 'event store');

  const keyOf = ({ orderId }: Pick<OrderInHand, 'orderId'>, kind: OutsideCall['call']): string =>
    `${kind}:${orderId}`;

  const run = async (order: OrderInHand, call: OutsideCall, cause: Cause, attempt: number): Promise<void> => {
    try {
      await make(order, call, cause, aborter.signal, attempt);
    } catch (error) {
      const fields = { orderId: order.orderId, call: call.call, error };
      if (isOutage(error)) outages.warn('an external call failed; its deadline retries it', fields);
      else logger.error('an external call failed; its deadline retries it', fields);
    }
  };

  return {
    want(order, calls, cause, attempt) {
      if (stopped) return;
      for (const kind of KINDS)
        if (!calls.some(({ call }) => call === kind)) queue.forget(keyOf(order, kind));
      for (const call of calls) {
        const key = keyOf(order, call.call);
        if (queue.isRunning(key)) continue;
        if (queue.waiting >= room && !queue.isWaiting(key)) {
          logger.warn('too many external calls; the deadline retries this one', {
            call: call.call,
            orderId: order.orderId,
          });
          continue;
        }
        queue.add(key, lanesOf(order, call), () => run(order, call, cause, attempt));
      }
      queue.start();
    },
    counts: () => ({ running: queue.running, waiting: queue.waiting }),
    async ended(orderId) {
      for (const kind of KINDS) {
        const key = keyOf({ orderId }, kind);
        while (queue.isRunning(key) || queue.isWaiting(key)) await once(over, key);
      }
    },
    idle: () => queue.idle(),
    async stop(graceMs) {
      stopped = true;
      queue.forgetAll();
      const timer = setTimeout(() => aborter.abort(), graceMs);
      await queue.idle();
      clearTimeout(timer);
    },
  };
}
