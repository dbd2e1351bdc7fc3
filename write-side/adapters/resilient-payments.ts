import {
  BrokenCircuitError,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  handleWhenResult,
  type IPolicy,
  retry,
  SamplingBreaker,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { LRUCache } from 'lru-cache';
import type { PaymentProvider, Unavailable, Unknown } from './payment-provider.ts';

export interface Resilience {
  /** How long one attempt may take. Beyond it the outcome is unknown. */
  readonly timeoutMs: number;
  /** Attempts after the first that was `unavailable`; an unknown outcome is not tried again here. */
  readonly retries: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  readonly circuit: {
    /** Opens when this share of the calls of `windowMs` failed, given `callsPerSecond` or more. */
    readonly threshold: number;
    readonly windowMs: number;
    readonly callsPerSecond: number;
    /** How long it stays open before one call may try. */
    readonly openMs: number;
  };
}

export const defaultResilience: Resilience = {
  timeoutMs: 10_000,
  retries: 4,
  firstDelayMs: 100,
  longestDelayMs: 2_000,
  circuit: { threshold: 0.5, windowMs: 10_000, callsPerSecond: 1, openMs: 5_000 },
};

/** Answers that count against the provider: nobody decided anything. */
const noAnswer = (answer: unknown): boolean => {
  const outcome = (answer as { readonly outcome?: unknown }).outcome;
  return outcome === 'unavailable' || outcome === 'unknown';
};
const notDone = (answer: unknown): boolean =>
  (answer as { readonly outcome?: unknown }).outcome === 'unavailable';

/**
 * Any provider with a timeout, retries (exponential, with jitter) and circuit breakers round it; it never throws: what the
 * provider throws, and what takes too long, is `unknown`; what an open circuit keeps back is `unavailable`.
 * `circuitOf` names the circuit of a capture by its token, for providers behind which several issuers stand or fall
 * on their own; enquiries and refunds have one each.
 */
export function resilientPayments(
  provider: PaymentProvider,
  resilience: Resilience = defaultResilience,
  circuitOf: (token: string) => string = () => 'capture',
): PaymentProvider {
  const policies = new LRUCache<string, IPolicy>({ max: 100 });
  const policyFor = (circuit: string): IPolicy => {
    const known = policies.get(circuit) ?? policyOf(resilience);
    policies.set(circuit, known);
    return known;
  };

  const call = async <Answer>(
    circuit: string,
    ask: (signal: AbortSignal) => Promise<Answer>,
    signal: AbortSignal | undefined,
  ): Promise<Answer | Unavailable | Unknown> => {
    try {
      return await policyFor(circuit).execute((context) => ask(context.signal), signal);
    } catch (error) {
      return error instanceof BrokenCircuitError
        ? { outcome: 'unavailable', reason: 'the payment provider keeps failing: its circuit is open' }
        : { outcome: 'unknown', reason: reasonOf(error, resilience.timeoutMs) };
    }
  };

  return {
    capture: (request, signal) =>
      call(`capture:${circuitOf(request.token)}`, (inner) => provider.capture(request, inner), signal),
    settle: (request, signal) => call('settle', (inner) => provider.settle(request, inner), signal),
    refund: (request, signal) => call('refund', (inner) => provider.refund(request, inner), signal),
  };
}

/** Retries round the circuit round the timeout: an open circuit ends the retries, every attempt counts for it. */
function policyOf({ timeoutMs, retries, firstDelayMs, longestDelayMs, circuit }: Resilience): IPolicy {
  const retried = retry(handleWhenResult(notDone), {
    maxAttempts: retries,
    backoff: new ExponentialBackoff({ initialDelay: firstDelayMs, maxDelay: longestDelayMs }),
  });
  const broken = circuitBreaker(handleAll.orWhenResult(noAnswer), {
    halfOpenAfter: circuit.openMs,
    breaker: new SamplingBreaker({
      threshold: circuit.threshold,
      duration: circuit.windowMs,
      minimumRps: circuit.callsPerSecond,
    }),
  });
  return wrap(retried, broken, timeout(timeoutMs, TimeoutStrategy.Aggressive));
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof TaskCancelledError)
    return `no answer from the payment provider within ${timeoutMs} ms`;
  return error instanceof Error ? error.message : 'the payment provider failed';
}
