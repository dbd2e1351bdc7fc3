import { LRUCache } from 'lru-cache';
import type { OrderId } from '../../domain/kernel/ids.ts';
import { pause } from '../../platform/async/backoff.ts';
import { atMost } from '../../platform/at-most.ts';
import type { CaptureResult, PaymentProvider } from './payment-provider.ts';

const SLOW_MS = 2_000;
const FLAKY_FAILURES = 2;

interface Behaviour {
  /** Absent: the payment is captured. */
  readonly result?: CaptureResult;
  readonly afterMs?: number;
}

/** Behaviour of each token, by the number of earlier attempts for the order. */
const TOKENS = new Map<string, (earlier: number) => Behaviour>([
  ['tok_ok', () => ({})],
  ['tok_declined', () => ({ result: declined('card declined') })],
  ['tok_flaky', (earlier) => (earlier < FLAKY_FAILURES ? { result: unavailable() } : {})],
  ['tok_slow', () => ({ afterMs: SLOW_MS })],
  ['tok_down', () => ({ result: unavailable() })],
]);

interface SimulatedOrder {
  readonly attempts: number;
  /** Once set, every capture of this order returns it. */
  readonly final?: CaptureResult;
}

export interface SimulatedPaymentsOptions {
  /** Maximum number of remembered orders; the oldest are forgotten. */
  readonly remembered?: number;
  /** Replaceable in tests. */
  readonly wait?: typeof pause;
}

/**
 * Creates a payment provider without a bank. The token decides the result of a capture: `tok_ok`, `tok_declined`,
 * `tok_flaky`, `tok_slow` or `tok_down`; any other token is declined. `settle` and `refund` always succeed. Orders are kept
 * in memory. References derive from the order id, so a capture repeated after a restart returns the same one.
 */
export function simulatedPayments({
  remembered = 100_000,
  wait = pause,
}: SimulatedPaymentsOptions = {}): PaymentProvider {
  const orders = new LRUCache<OrderId, SimulatedOrder>(atMost(remembered));
  const find = (orderId: OrderId): SimulatedOrder => orders.get(orderId) ?? { attempts: 0 };

  return {
    async capture({ orderId, token }, signal) {
      const { attempts, final } = find(orderId);
      if (final !== undefined) return final;
      orders.set(orderId, { attempts: attempts + 1 });
      // The reason does not contain the token: more people may read reasons than tokens.
      const unknownToken = { result: declined('unknown payment token') };
      const { result, afterMs }: Behaviour = TOKENS.get(token)?.(attempts) ?? unknownToken;
      if (afterMs !== undefined) await wait(afterMs, signal);

      const order = find(orderId);
      if (order.final !== undefined) return order.final;
      if (result?.outcome === 'unavailable') return result;
      const decided = result ?? { outcome: 'captured', reference: `sim-${orderId}` };
      orders.set(orderId, { ...order, final: decided });
      return decided;
    },

    async settle({ orderId, reason }) {
      const order = find(orderId);
      if (order.final?.outcome === 'captured') return order.final;
      if (order.final === undefined)
        orders.set(orderId, { ...order, final: declined(`called off: ${reason}`) });
      return { outcome: 'nothing-moved' };
    },

    async refund({ orderId }) {
      return { outcome: 'refunded', reference: `sim-refund-${orderId}` };
    },
  };
}

function declined(reason: string): CaptureResult {
  return { outcome: 'declined', reason };
}

function unavailable(): CaptureResult {
  return { outcome: 'unavailable', reason: '503 from the payment provider' };
}
