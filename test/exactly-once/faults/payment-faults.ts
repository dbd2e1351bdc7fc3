import type { Unavailable, Unknown } from '../../../integrations/no-result.ts';
import type { PaymentProvider } from '../../../integrations/payments/payment-provider.ts';
import { pause } from '../../../platform/async/backoff.ts';
import type { FaultInjector } from './fault-injector.ts';

/** Faults between the shop and the payment provider, with their probability per call. */
export const paymentFaults = {
  'payment: provider unavailable': 0.05,
  'payment: request late': 0.1,
  'payment: request duplicated': 0.1,
  'payment: request repeated much later': 0.05,
  'payment: response late': 0.1,
  'payment: response lost': 0.06,
  'payment: connection cut before the response': 0.03,
} as const;

export type PaymentFault = keyof typeof paymentFaults;

const LATE_MS = 250;
const MUCH_LATER_MS = 3_000;

class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';
}

/** Returns the provider behind a faulty network: a request may be executed without a response, and more than once. */
export function withPaymentFaults(
  provider: PaymentProvider,
  faults: FaultInjector<PaymentFault>,
): PaymentProvider {
  const late = (maxMs: number) => new Promise<void>((resolve) => faults.delay(maxMs, () => resolve()));
  const call = async <Result>(
    request: () => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result | Unavailable | Unknown> => {
    if (faults.occurs('payment: provider unavailable')) return { outcome: 'unavailable', reason: '503' };
    // A late request is executed even when the shop has aborted the call.
    if (faults.occurs('payment: request late')) await late(2 * LATE_MS);
    if (faults.occurs('payment: request repeated much later'))
      faults.delay(MUCH_LATER_MS, () => void request());
    if (faults.occurs('payment: request duplicated')) await request();
    const result = await request();
    if (faults.occurs('payment: connection cut before the response'))
      throw new ConnectionCut('the connection was cut');
    if (faults.occurs('payment: response late')) await late(LATE_MS);
    if (faults.occurs('payment: response lost')) {
      await pause(60_000, signal);
      return { outcome: 'unknown', reason: 'no response' };
    }
    return result;
  };
  return {
    capture: (request, signal) => call(() => provider.capture(request), signal),
    settle: (request, signal) => call(() => provider.settle(request), signal),
    refund: (request, signal) => call(() => provider.refund(request), signal),
  };
}
