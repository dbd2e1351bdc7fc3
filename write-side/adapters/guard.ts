import {
  BrokenCircuitError,
  CircuitState,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  handleWhenResult,
  retry,
  SamplingBreaker,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { LRUCache } from 'lru-cache';

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

/** A call that nobody decided: not done, or perhaps done. */
export type NoAnswer =
  | { readonly outcome: 'unavailable'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly reason: string };

export type CircuitCounts = Readonly<Record<'closed' | 'open' | 'half-open', number>>;

/** Timeout, retries and circuit breakers round the calls to one outside party. */
export interface Guard {
  /**
   * Never rejects: what is thrown, and what takes too long, is `unknown`; what an open circuit keeps back is
   * `unavailable`. Calls of different circuits stand or fall on their own.
   */
  call<Answer>(
    circuit: string,
    ask: (signal: AbortSignal) => Promise<Answer>,
    signal: AbortSignal | undefined,
  ): Promise<Answer | NoAnswer>;
  circuits(): CircuitCounts;
  /** How often a call was tried again since the start. */
  retries(): number;
}

const outcomeOf = (answer: unknown): unknown => (answer as { readonly outcome?: unknown }).outcome;
const notDone = (answer: unknown): boolean => outcomeOf(answer) === 'unavailable';
/** Answers that count against the party: nobody decided anything. */
const undecided = (answer: unknown): boolean => notDone(answer) || outcomeOf(answer) === 'unknown';

/** Circuits that are kept: those used last. */
const MOST_CIRCUITS = 100;

/** `party` is how the other side is called in reasons: `the payment provider`. */
export function guard(party: string, resilience: Resilience = defaultResilience): Guard {
  let retries = 0;
  const policies = new LRUCache<string, ReturnType<typeof policyOf>>({ max: MOST_CIRCUITS });
  const policyFor = (circuit: string) => {
    const known = policies.get(circuit) ?? policyOf(resilience, () => void retries++);
    policies.set(circuit, known);
    return known;
  };
  return {
    call: async (circuit, ask, signal) => {
      try {
        return await policyFor(circuit).policy.execute((context) => ask(context.signal), signal);
      } catch (error) {
        return error instanceof BrokenCircuitError
          ? { outcome: 'unavailable', reason: `${party} keeps failing: its circuit is open` }
          : { outcome: 'unknown', reason: reasonOf(error, party, resilience.timeoutMs) };
      }
    },
    circuits: () => {
      const counts = { closed: 0, open: 0, 'half-open': 0 };
      for (const { breaker } of policies.values()) counts[stateOf(breaker.state)] += 1;
      return counts;
    },
    retries: () => retries,
  };
}

/** Retries round the circuit round the timeout: an open circuit ends the retries, every attempt counts for it. */
function policyOf(
  { timeoutMs, retries, firstDelayMs, longestDelayMs, circuit }: Resilience,
  onRetry: () => void,
) {
  const retried = retry(handleWhenResult(notDone), {
    maxAttempts: retries,
    backoff: new ExponentialBackoff({ initialDelay: firstDelayMs, maxDelay: longestDelayMs }),
  });
  retried.onRetry(onRetry);
  const breaker = circuitBreaker(handleAll.orWhenResult(undecided), {
    halfOpenAfter: circuit.openMs,
    breaker: new SamplingBreaker({
      threshold: circuit.threshold,
      duration: circuit.windowMs,
      minimumRps: circuit.callsPerSecond,
    }),
  });
  return { policy: wrap(retried, breaker, timeout(timeoutMs, TimeoutStrategy.Aggressive)), breaker };
}

function stateOf(state: CircuitState): keyof CircuitCounts {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half-open' : 'open';
}

function reasonOf(error: unknown, party: string, timeoutMs: number): string {
  if (error instanceof TaskCancelledError) return `no answer from ${party} within ${timeoutMs} ms`;
  return error instanceof Error ? error.message : `${party} failed`;
}
