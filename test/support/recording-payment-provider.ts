import type { OrderId } from '../../domain/kernel/ids.ts';
import type { Money } from '../../domain/kernel/money.ts';
import type { CaptureResult, PaymentProvider } from '../../integrations/payments/payment-provider.ts';

/** The provider's own record of an order's payment, amounts in minor units. */
interface ProviderPayment {
  /** Number of capture requests; the order id is their idempotency key. */
  attempts: number;
  charged: number;
  refunded: number;
  /** The result that every further capture request of this order gets. */
  final: CaptureResult | undefined;
}

export interface RecordingPaymentProvider extends PaymentProvider {
  /** By order id. */
  readonly payments: ReadonlyMap<string, Readonly<ProviderPayment>>;
  /** Requests that no correct shop sends: another amount for the same order, or a refund of an order without a charge. */
  readonly invalidRequests: readonly string[];
}

const DECLINED: CaptureResult = { outcome: 'declined', reason: 'card declined' };
const UNAVAILABLE: CaptureResult = { outcome: 'unavailable', reason: '503' };

/**
 * Creates a payment provider that records the money it moved. The token decides the result as in the simulated provider:
 * `tok_declined` is declined, `tok_flaky` is unavailable twice, `tok_down` is always unavailable.
 */
export function createRecordingPaymentProvider(): RecordingPaymentProvider {
  const payments = new Map<string, ProviderPayment>();
  const invalidRequests: string[] = [];
  const paymentOf = (orderId: OrderId): ProviderPayment => {
    const payment = payments.get(orderId) ?? { attempts: 0, charged: 0, refunded: 0, final: undefined };
    payments.set(orderId, payment);
    return payment;
  };
  const failure = (token: string, earlierAttempts: number): CaptureResult | undefined => {
    if (token === 'tok_declined') return DECLINED;
    const isUnavailable = token === 'tok_down' || (token === 'tok_flaky' && earlierAttempts < 2);
    return isUnavailable ? UNAVAILABLE : undefined;
  };
  const checkAmount = (orderId: OrderId, { amount }: Money, charged: number) => {
    if (charged !== amount) invalidRequests.push(`${orderId}: ${amount} requested, ${charged} charged`);
  };

  return {
    payments,
    invalidRequests,
    async capture({ orderId, amount, token }) {
      const payment = paymentOf(orderId);
      if (payment.charged > 0) checkAmount(orderId, amount, payment.charged);
      if (payment.final !== undefined) return payment.final;
      const failed = failure(token, payment.attempts++);
      if (failed?.outcome === 'unavailable') return failed;
      if (failed === undefined) payment.charged += amount.amount;
      payment.final = failed ?? { outcome: 'captured', reference: `charge-${orderId}` };
      return payment.final;
    },
    async settle({ orderId }) {
      const payment = paymentOf(orderId);
      if (payment.final?.outcome === 'captured') return payment.final;
      payment.final ??= { outcome: 'declined', reason: 'cancelled' };
      return { outcome: 'nothing-moved' };
    },
    async refund({ orderId, amount }) {
      const payment = paymentOf(orderId);
      checkAmount(orderId, amount, payment.charged);
      if (payment.charged === 0) return { outcome: 'refused', reason: 'no such charge' };
      payment.refunded = payment.charged;
      return { outcome: 'refunded', reference: `refund-${orderId}` };
    },
  };
}
