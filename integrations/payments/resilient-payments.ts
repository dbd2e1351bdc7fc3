import { type Guard, guard, type Resilience } from '../resilience/guard.ts';
import type { PaymentProvider } from './payment-provider.ts';

export { defaultResilience, type Resilience } from '../resilience/guard.ts';

export interface GuardedPayments extends PaymentProvider {
  /** What there is to see of it. */
  readonly guard: Pick<Guard, 'circuits' | 'retries'>;
}

/**
 * Wraps a provider with a timeout, retries (exponential, with jitter) and a circuit breaker for each kind of call. Never
 * throws: an error or a timeout of the provider is `unknown`; a call that the open circuit held back is `unavailable`.
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
