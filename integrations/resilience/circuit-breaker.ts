import { LRUCache } from 'lru-cache';

export interface CircuitSettings {
  /** Milliseconds for which a call counts. */
  readonly windowMs: number;
  /** Minimum number of customers, and of tokens, with only failed calls before the circuit opens. */
  readonly minFailing: number;
  /** Maximum share of all customers, and of all tokens, with a success when the circuit opens. */
  readonly maxSucceedingShare: number;
  /** Milliseconds until the open circuit becomes half open. */
  readonly openMs: number;
  /** Maximum of concurrent calls in the half-open circuit, one per customer. */
  readonly probes: number;
  /** Maximum milliseconds that a call waits for the circuit. */
  readonly maxWaitMs: number;
}

/** The customer and token of a call: failures of a single one are not an outage of the other side. */
export interface Payer {
  readonly customer: string;
  /** Absent when the call has no token. */
  readonly token?: string;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

/** Maximum number of remembered customers, and of remembered tokens. */
const MAX_REMEMBERED = 1_000;

interface Waiter {
  readonly customer: string;
  readonly admit: (mayCall: boolean) => void;
}

/**
 * A circuit breaker that counts customers and tokens. It opens when calls fail for several customers with several tokens
 * and hardly any succeed. Failures of a single customer or token never open it. Calls wait until it closes.
 */
export class CircuitBreaker {
  readonly #settings: CircuitSettings;
  readonly #customers: Outcomes;
  readonly #tokens: Outcomes;
  readonly #waiters = new Set<Waiter>();
  /** Customers with a call in flight in the half-open circuit. */
  readonly #probing = new Set<string>();
  #state: CircuitState = 'closed';

  constructor(settings: CircuitSettings) {
    this.#settings = settings;
    this.#customers = new Outcomes(settings.windowMs);
    this.#tokens = new Outcomes(settings.windowMs);
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** Resolves to `true` when the call may be made, to `false` after the maximum wait. Never rejects. */
  async enter({ customer }: Payer, signal?: AbortSignal): Promise<boolean> {
    if (this.#admits(customer)) return true;
    return new Promise((resolve) => {
      const waiter: Waiter = {
        customer,
        admit: (mayCall) => {
          this.#waiters.delete(waiter);
          clearTimeout(timer);
          signal?.removeEventListener('abort', giveUp);
          resolve(mayCall);
        },
      };
      const giveUp = (): void => waiter.admit(false);
      const timer = setTimeout(giveUp, this.#settings.maxWaitMs);
      signal?.addEventListener('abort', giveUp);
      this.#waiters.add(waiter);
    });
  }

  /** Reports the outcome of a permitted call. `given-up`: its caller aborted it, so it does not count. */
  leave({ customer, token }: Payer, outcome: 'succeeded' | 'failed' | 'given-up'): void {
    this.#probing.delete(customer);
    if (outcome !== 'given-up') {
      const succeeded = outcome === 'succeeded';
      this.#customers.add(customer, succeeded);
      if (token !== undefined) this.#tokens.add(token, succeeded);
      if (succeeded && this.#state === 'half-open') this.#become('closed');
      else if (!succeeded && this.#state !== 'open' && this.#isDown()) this.#open();
    }
    this.#admitWaiters();
  }

  #admits(customer: string): boolean {
    if (this.#state !== 'half-open') return this.#state === 'closed';
    if (this.#probing.has(customer) || this.#probing.size >= this.#settings.probes) return false;
    this.#probing.add(customer);
    return true;
  }

  #admitWaiters(): void {
    for (const waiter of this.#waiters) if (this.#admits(waiter.customer)) waiter.admit(true);
  }

  #isDown(): boolean {
    const { minFailing, maxSucceedingShare } = this.#settings;
    const tokens = this.#tokens.counts();
    const customers = this.#customers.counts();
    const isFailing = ({ failing, succeeded }: Counts): boolean =>
      failing >= minFailing && succeeded <= maxSucceedingShare * (failing + succeeded);
    return isFailing(customers) && (tokens.failing + tokens.succeeded === 0 || isFailing(tokens));
  }

  #open(): void {
    this.#become('open');
    setTimeout(() => {
      this.#become('half-open');
      this.#admitWaiters();
    }, this.#settings.openMs).unref();
  }

  /** Each state counts only the calls made in it. */
  #become(state: CircuitState): void {
    this.#state = state;
    this.#probing.clear();
    this.#customers.clear();
    this.#tokens.clear();
  }
}

interface Counts {
  /** Number of names with a failure and without a success. */
  readonly failing: number;
  readonly succeeded: number;
}

/** When each name last failed and last succeeded, by a monotonic clock. */
class Outcomes {
  readonly #last: LRUCache<string, { readonly failedAt?: number; readonly succeededAt?: number }>;
  readonly #windowMs: number;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
    this.#last = new LRUCache({ max: MAX_REMEMBERED });
  }

  add(name: string, succeeded: boolean): void {
    const now = performance.now();
    this.#last.set(name, { ...this.#last.get(name), [succeeded ? 'succeededAt' : 'failedAt']: now });
  }

  clear(): void {
    this.#last.clear();
  }

  counts(): Counts {
    const since = performance.now() - this.#windowMs;
    let [failing, succeeded] = [0, 0];
    for (const {
      failedAt = Number.NEGATIVE_INFINITY,
      succeededAt = Number.NEGATIVE_INFINITY,
    } of this.#last.values()) {
      if (succeededAt >= since) succeeded += 1;
      else if (failedAt >= since) failing += 1;
    }
    return { failing, succeeded };
  }
}
