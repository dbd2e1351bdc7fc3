import { type Guard, guard, type NoAnswer, type Resilience } from '../resilience/guard.ts';
import type { Carrier } from './carrier.ts';

/**
 * Any carrier with a timeout, retries (exponential, with jitter) and a circuit breaker round it; it never throws. Asking
 * again gives the same parcel, so that a carrier of which nothing is known is as good as away.
 */
export function resilientCarrier(
  carrier: Carrier,
  resilience?: Resilience,
): Carrier & { readonly guard: Pick<Guard, 'circuits' | 'retries'> } {
  const guarded = guard('the carrier', resilience);
  return {
    guard: guarded,
    dispatch: async (request, signal) => {
      const payer = { customer: request.customerId };
      return known(
        await guarded.call('dispatch', payer, (inner) => carrier.dispatch(request, inner), signal),
      );
    },
    recall: async (request, signal) => {
      const payer = { customer: request.customerId };
      return known(await guarded.call('recall', payer, (inner) => carrier.recall(request, inner), signal));
    },
  };
}

type Unavailable = Extract<NoAnswer, { outcome: 'unavailable' }>;

const known = <Answer extends { readonly outcome: string }>(
  answer: Answer | NoAnswer,
): Exclude<Answer, { outcome: 'unknown' }> | Unavailable =>
  answer.outcome === 'unknown'
    ? { outcome: 'unavailable', reason: (answer as NoAnswer).reason }
    : (answer as Exclude<Answer, { outcome: 'unknown' }>);
