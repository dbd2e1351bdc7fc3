import { type AnyResult, isUnknown, type Unavailable } from '../no-result.ts';
import {
  createResilientCalls,
  type Resilience,
  type ResilienceCounts,
} from '../resilience/resilient-calls.ts';
import type { Carrier, ParcelRequest } from './carrier.ts';

/**
 * Wraps a carrier with a timeout, retries and a circuit breaker for each kind of call. Never throws. An unknown outcome
 * becomes `unavailable`, since a repeated call returns the same parcel.
 */
export function resilientCarrier(
  carrier: Carrier,
  resilience?: Resilience,
): Carrier & { readonly counts: ResilienceCounts } {
  const { call, counts } = createResilientCalls('the carrier', resilience);
  const callFor = async <Result extends AnyResult>(
    name: string,
    { customerId: customer }: ParcelRequest,
    send: (signal: AbortSignal) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result | Unavailable> => {
    const result = await call(name, { customer }, send, signal);
    return isUnknown(result) ? { outcome: 'unavailable', reason: result.reason } : result;
  };
  return {
    counts,
    dispatch: (request, signal) =>
      callFor('dispatch', request, (inner) => carrier.dispatch(request, inner), signal),
    recall: (request, signal) =>
      callFor('recall', request, (inner) => carrier.recall(request, inner), signal),
  };
}
