import type { CaptureResult, PaymentProvider } from '../../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../../integrations/payments/simulated-payments.ts';

/** The provider did not respond: the money may have moved or not. */
export const UNKNOWN = { outcome: 'unknown', reason: 'timeout' } as const;

/** Returns a provider whose first captures have these results; all other calls go to the simulated provider. */
export function capturing(...results: CaptureResult[]): PaymentProvider {
  const simulated = simulatedPayments();
  return { ...simulated, capture: async (request) => results.shift() ?? simulated.capture(request) };
}

/** Returns a provider that is unavailable for its first captures; `asked` returns the number of captures requested. */
export function unavailableFor(calls: number): PaymentProvider & { readonly asked: () => number } {
  const provider = simulatedPayments();
  let asked = 0;
  return {
    ...provider,
    asked: () => asked,
    capture: async (request) => {
      asked += 1;
      return asked <= calls ? { outcome: 'unavailable', reason: '503' } : provider.capture(request);
    },
  };
}
