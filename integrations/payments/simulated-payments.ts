import type { OrderId } from '../../domain/kernel/ids.ts';
import { pause } from '../../platform/async/backoff.ts';
import type { CaptureAnswer, PaymentProvider } from './payment-provider.ts';

const SLOW_MS = 2_000;
const FLAKY_FAILURES = 2;

interface Behaviour {
  /** Absent: the money moves. */
  readonly answer?: CaptureAnswer;
  readonly afterMs?: number;
}

/** What a token does, by how often the order was tried before. */
const TOKENS = new Map<string, (earlier: number) => Behaviour>([
  ['tok_ok', () => ({})],
  ['tok_declined', () => ({ answer: declined('card declined') })],
  ['tok_flaky', (earlier) => (earlier < FLAKY_FAILURES ? { answer: unavailable() } : {})],
  ['tok_slow', () => ({ afterMs: SLOW_MS })],
  ['tok_down', () => ({ answer: unavailable() })],
]);

/** What the provider's own books say of an order. */
interface Entry {
  readonly tried: number;
  /** The one answer that this order will ever get. */
  readonly final?: CaptureAnswer;
}

/**
 * A payment provider without a bank: the token decides (`tok_ok`, `tok_declined`, `tok_flaky`, `tok_slow`, `tok_down`; any
 * other is declined). A token is about captures only: enquiries and refunds are always answered. Its books are in memory
 * and hold the last `remembered` orders; references derive from the order id, so that a capture repeated after a
 * restart has the same one.
 */
export function simulatedPayments({
  remembered = 100_000,
}: {
  readonly remembered?: number;
} = {}): PaymentProvider {
  const books = new Map<OrderId, Entry>();

  const entryOf = (orderId: OrderId): Entry => books.get(orderId) ?? { tried: 0 };
  const write = (orderId: OrderId, entry: Entry): void => {
    books.set(orderId, entry);
    if (books.size <= remembered) return;
    const [oldest] = books.keys();
    if (oldest !== undefined) books.delete(oldest);
  };

  return {
    async capture({ orderId, token }, signal) {
      const { tried, final } = entryOf(orderId);
      if (final !== undefined) return final;
      write(orderId, { tried: tried + 1 });
      // Without the token: a reason is told to others than those who may see it.
      const unknownToken = { answer: declined('unknown payment token') };
      const { answer, afterMs }: Behaviour = TOKENS.get(token)?.(tried) ?? unknownToken;
      if (afterMs !== undefined) await pause(afterMs, signal);

      const meanwhile = entryOf(orderId);
      if (meanwhile.final !== undefined) return meanwhile.final;
      if (answer?.outcome === 'unavailable') return answer;
      const decided = answer ?? { outcome: 'captured', reference: `sim-${orderId}` };
      write(orderId, { ...meanwhile, final: decided });
      return decided;
    },

    async settle({ orderId, reason }) {
      const entry = entryOf(orderId);
      if (entry.final?.outcome === 'captured') return entry.final;
      if (entry.final === undefined) write(orderId, { ...entry, final: declined(`called off: ${reason}`) });
      return { outcome: 'nothing-moved' };
    },

    async refund({ orderId }) {
      return { outcome: 'refunded', reference: `sim-refund-${orderId}` };
    },
  };
}

function declined(reason: string): CaptureAnswer {
  return { outcome: 'declined', reason };
}

function unavailable(): CaptureAnswer {
  return { outcome: 'unavailable', reason: '503 from the payment provider' };
}
