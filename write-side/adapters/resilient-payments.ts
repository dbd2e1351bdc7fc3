import { type Guard, guard, type Resilience } from './guard.ts';
import type { PaymentProvider } from './payment-provider.ts';

export { defaultResilience, type Resilience } from './guard.ts';

export interface GuardedPayments extends PaymentProvider {
  /** What there is to see of it. */
  readonly guard: Pick<Guard, 'circuits' | 'retries'>;
}

/**
 * Any provider with a timeout, retries (exponential, with jitter) and a circuit breaker round each kind of call; it never
 * throws: what the provider throws, and what takes too long, is `unknown`; what an open circuit keeps back is `unavailable`.
 */
export function resilientPayments(provider: PaymentProvider, resilience?: Resilience): GuardedPayments {
  const guarded = guard('the payment provider', resilience);
  const { call } = guarded;
  return {
    guard: guarded,
    capture: (request, signal) => {
      const { customerId: customer, token } = request;
      return call('capture', { customer, token }, (inner) => provider.capture(request, inner), signal);
    },
    settle: (request, signal) =>
      call('settle', { customer: request.customerId }, (inner) => provider.settle(request, inner), signal),
    refund: (request, signal) =>
      call('refund', { customer: request.customerId }, (inner) => provider.refund(request, inner), signal),
  };
}
