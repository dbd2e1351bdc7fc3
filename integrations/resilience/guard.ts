import {
  ExponentialBackoff,
  handleWhenResult,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { Circuit, type CircuitSettings, type CircuitState, type Payer } from './circuit.ts';

export interface Resilience {
  /** How long one attempt may take. Beyond it the outcome is unknown. */
  readonly timeoutMs: number;
  /** Attempts after the first that was `unavailable`; an unknown outcome is not tried again here. */
  readonly retries: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  readonly circuit: CircuitSettings;
}

export const defaultResilience: Resilience = {
  timeoutMs: 10_000,
  retries: 4,
  firstDelayMs: 100,
  longestDelayMs: 2_000,
  circuit: { windowMs: 10_000, several: 3, succeeding: 0.1, openMs: 2_000, probes: 10, holdMs: 10_000 },
};

/** A call that nobody decided: not done, or perhaps done. */
export type NoAnswer =
  | { readonly outcome: 'unavailable'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly reason: string };

export type CircuitCounts = Readonly<Record<CircuitState, number>>;

/** Timeout, retries and circuit breakers round the calls to one outside party. */
export interface Guard {
  /**
   * Never rejects: an error or a timeout is `unknown`; a call that the open circuit has delayed for too long is
   * `unavailable`. Circuits are independent of each other.
   */
  call<Answer>(
    circuit: string,
    payer: Payer,
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

/**
 * Guards calls with a circuit, retries and a timeout per attempt. The circuit counts whole calls: a failed attempt whose
 * retry succeeds is not a failure. `party` names the other side in reasons, such as `the payment provider`.
 */
export function guard(party: string, resilience: Resilience = defaultResilience): Guard {
  const { timeoutMs, firstDelayMs, longestDelayMs } = resilience;
  let retries = 0;
  const circuits = new Map<string, Circuit>();
  const retried = retry(handleWhenResult(notDone), {
    maxAttempts: resilience.retries,
    backoff: new ExponentialBackoff({ initialDelay: firstDelayMs, maxDelay: longestDelayMs }),
  });
  retried.onRetry(() => void retries++);
  const policy = wrap(retried, timeout(timeoutMs, TimeoutStrategy.Aggressive));

  const circuitOf = (name: string): Circuit => {
    const circuit = circuits.get(name) ?? new Circuit(resilience.circuit);
    circuits.set(name, circuit);
    return circuit;
  };

  const attempt = async <Answer>(
    ask: (signal: AbortSignal) => Promise<Answer>,
    signal: AbortSignal | undefined,
  ): Promise<Answer | NoAnswer> => {
    try {
      // Without a signal of its own, each call would add listeners to one shared signal of the library.
      const own = signal ?? new AbortController().signal;
      return await policy.execute((context) => ask(context.signal), own);
    } catch (error) {
      return { outcome: 'unknown', reason: reasonOf(error, party, timeoutMs) };
    }
  };

  return {
    call: async (name, payer, ask, signal) => {
      const circuit = circuitOf(name);
      if (!(await circuit.enter(payer, signal)))
        return { outcome: 'unavailable', reason: `${party} keeps failing: its circuit is open` };
      const answer = await attempt(ask, signal);
      if (!undecided(answer)) circuit.leave(payer, 'succeeded');
      else circuit.leave(payer, signal?.aborted ? 'given-up' : 'failed');
      return answer;
    },
    circuits: () => {
      const counts = { closed: 0, open: 0, 'half-open': 0 };
      for (const { state } of circuits.values()) counts[state] += 1;
      return counts;
    },
    retries: () => retries,
  };
}

function reasonOf(error: unknown, party: string, timeoutMs: number): string {
  if (error instanceof TaskCancelledError) return `no answer from ${party} within ${timeoutMs} ms`;
  return error instanceof Error ? error.message : `${party} failed`;
}
