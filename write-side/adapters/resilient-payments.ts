import { type Guard, guard, type Resilience } from './guard.ts';
import type { PaymentProvider } from './payment-provider.ts';

export { defaultResilience, type Resilience } from './guard.ts';

export interface GuardedPayments extends PaymentProvider {
  /** What there is to see of it. */
  readonly guard: Pick<Guard, 'circuits' | 'retries'>;
}

/**
 * Any provider with a timeout, retries (exponential, with jitter) and circuit breakers round it; it never throws: what the
 * provider throws, and what takes too long, is `unknown`; what an open circuit keeps back is `unavailable`.
 * `circuitOf` names the circuit of a capture by its token, for providers behind which several issuers stand or fall
 * on their own; enquiries and refunds have one each.
 */
export function resilientPayments(
  provider: PaymentProvider,
  resilience?: Resilience,
  circuitOf: (token: string) => string = () => 'capture',
): GuardedPayments {
  const guarded = guard('the payment provider', resilience);
  const { call } = guarded;
  return {
    guard: guarded,
    capture: (request, signal) =>
      call(`capture:${circuitOf(request.token)}`, (inner) => provider.capture(request, inner), signal),
    settle: (request, signal) => call('settle', (inner) => provider.settle(request, inner), signal),
    refund: (request, signal) => call('refund', (inner) => provider.refund(request, inner), signal),
  };
}
