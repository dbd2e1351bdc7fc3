import {
  ExponentialBackoff,
  handleWhenResult,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { type AnyResult, isUnavailable, isUnknown, type NoResult } from '../no-result.ts';
import { CircuitBreaker, type CircuitSettings, type CircuitState, type Payer } from './circuit-breaker.ts';

export interface Resilience {
  /** Milliseconds per attempt; beyond them the outcome is unknown. */
  readonly timeoutMs: number;
  /** Maximum number of retries after `unavailable`. An unknown outcome is not retried here. */
  readonly retries: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  readonly circuit: CircuitSettings;
}

export const defaultResilience: Resilience = {
  timeoutMs: 10_000,
  retries: 4,
  firstDelayMs: 100,
  maxDelayMs: 2_000,
  circuit: {
    windowMs: 10_000,
    minFailing: 3,
    maxSucceedingShare: 0.1,
    openMs: 2_000,
    probes: 10,
    maxWaitMs: 10_000,
  },
};

/** Figures for metrics. */
export interface ResilienceCounts {
  circuits(): Readonly<Record<CircuitState, number>>;
  /** Number of retries since the start. */
  retries(): number;
}

export interface ResilientCalls {
  /**
   * Makes a call. Never rejects: an error or a timeout becomes `unknown`; a call that the open circuit has delayed for
   * too long becomes `unavailable`. Circuits of different names are independent of each other.
   */
  call<Result extends AnyResult>(
    circuit: string,
    payer: Payer,
    send: (signal: AbortSignal) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result | NoResult>;
  readonly counts: ResilienceCounts;
}

/**
 * Creates a caller of one external party with a circuit breaker, retries and a timeout per attempt. The circuit counts
 * whole calls: a failed attempt whose retry succeeds is not a failure. `party` names the other side in reasons, such as
 * `the payment provider`.
 */
export function createResilientCalls(
  party: string,
  resilience: Resilience = defaultResilience,
): ResilientCalls {
  const { timeoutMs, firstDelayMs, maxDelayMs } = resilience;
  let retries = 0;
  const circuits = new Map<string, CircuitBreaker>();
  const retryPolicy = retry(
    handleWhenResult((result) => isUnavailable(result as AnyResult)),
    {
      maxAttempts: resilience.retries,
      backoff: new ExponentialBackoff({ initialDelay: firstDelayMs, maxDelay: maxDelayMs }),
    },
  );
  retryPolicy.onRetry(() => void retries++);
  const policy = wrap(retryPolicy, timeout(timeoutMs, TimeoutStrategy.Aggressive));

  const circuitOf = (name: string): CircuitBreaker => {
    const circuit = circuits.get(name) ?? new CircuitBreaker(resilience.circuit);
    circuits.set(name, circuit);
    return circuit;
  };

  const sendWithRetries = async <Result extends AnyResult>(
    send: (signal: AbortSignal) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result | NoResult> => {
    try {
      // Without a signal of its own, each call would add listeners to one shared signal of the library.
      const own = signal ?? new AbortController().signal;
      return await policy.execute((context) => send(context.signal), own);
    } catch (error) {
      return { outcome: 'unknown', reason: reasonOf(error, party, timeoutMs) };
    }
  };

  return {
    call: async (name, payer, send, signal) => {
      const circuit = circuitOf(name);
      if (!(await circuit.enter(payer, signal)))
        return { outcome: 'unavailable', reason: `${party} keeps failing: its circuit is open` };
      const result = await sendWithRetries(send, signal);
      if (!isUnavailable(result) && !isUnknown(result)) circuit.leave(payer, 'succeeded');
      else circuit.leave(payer, signal?.aborted ? 'given-up' : 'failed');
      return result;
    },
    counts: {
      circuits: () => {
        const counts = { closed: 0, open: 0, 'half-open': 0 };
        for (const { state } of circuits.values()) counts[state] += 1;
        return counts;
      },
      retries: () => retries,
    },
  };
}

function reasonOf(error: unknown, party: string, timeoutMs: number): string {
  if (error instanceof TaskCancelledError) return `no response from ${party} within ${timeoutMs} ms`;
  return error instanceof Error ? error.message : `${party} failed`;
}
