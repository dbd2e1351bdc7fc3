import type { CaptureResult, PaymentProvider } from '../../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../../integrations/payments/simulated-payments.ts';

/** The provider did not respond: the money may have moved or not. */
export const UNKNOWN = { outcome: 'unknown', reason: 'timeout' } as const;

/** Returns a provider whose first captures have these results; all other calls go to the simulated provider. */
export function capturing(...results: CaptureResult[]): PaymentProvider {
  const simulated = simulatedPayments();
  return { ...simulated, capture: async (request) => results.shift() ?? simulated.capture(request) };
}

/** Returns a provider that is unavailable for its first captures; `captures` returns the number of requested captures. */
export function unavailableFor(calls: number): PaymentProvider & { readonly captures: () => number } {
  const provider = simulatedPayments();
  let captures = 0;
  return {
    ...provider,
    captures: () => captures,
    capture: async (request) => {
      captures += 1;
      return captures <= calls ? { outcome: 'unavailable', reason: '503' } : provider.capture(request);
    },
  };
}
