import {
  createResilientCalls,
  type Resilience,
  type ResilienceCounts,
} from '../resilience/resilient-calls.ts';
import type { PaymentProvider } from './payment-provider.ts';

/**
 * Wraps a provider with a timeout, retries and a circuit breaker for each kind of call. Never throws: an error or a timeout
 * becomes `unknown`; a call that the open circuit has delayed for too long becomes `unavailable`.
 */
export function resilientPayments(
  provider: PaymentProvider,
  resilience?: Resilience,
): PaymentProvider & { readonly counts: ResilienceCounts } {
  const { call, counts } = createResilientCalls('the payment provider', resilience);
  return {
    counts,
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
