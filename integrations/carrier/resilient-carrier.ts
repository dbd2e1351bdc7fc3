import {
  createResilientCalls,
  type NoResult,
  type Resilience,
  type ResilienceCounts,
} from '../resilience/resilient-calls.ts';
import type { Carrier } from './carrier.ts';

/**
 * Wraps a carrier with a timeout, retries and a circuit breaker for each kind of call. Never throws. An unknown outcome
 * becomes `unavailable`, since a repeated call returns the same parcel.
 */
export function resilientCarrier(
  carrier: Carrier,
  resilience?: Resilience,
): Carrier & { readonly counts: ResilienceCounts } {
  const { call, counts } = createResilientCalls('the carrier', resilience);
  return {
    counts,
    dispatch: async (request, signal) => {
      const payer = { customer: request.customerId };
      return unknownAsUnavailable(
        await call('dispatch', payer, (inner) => carrier.dispatch(request, inner), signal),
      );
    },
    recall: async (request, signal) => {
      const payer = { customer: request.customerId };
      return unknownAsUnavailable(
        await call('recall', payer, (inner) => carrier.recall(request, inner), signal),
      );
    },
  };
}

type Unavailable = Extract<NoResult, { outcome: 'unavailable' }>;

const unknownAsUnavailable = <Result extends { readonly outcome: string }>(
  result: Result | NoResult,
): Exclude<Result, { outcome: 'unknown' }> | Unavailable =>
  result.outcome === 'unknown'
    ? { outcome: 'unavailable', reason: (result as NoResult).reason }
    : (result as Exclude<Result, { outcome: 'unknown' }>);
