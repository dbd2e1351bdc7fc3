import { LRUCache } from 'lru-cache';

export interface CircuitSettings {
  /** Calls count for so long. */
  readonly windowMs: number;
  /** It opens only when calls of so many customers, and with so many tokens, failed and none of theirs succeeded. */
  readonly several: number;
  /** And only when at most this share of all customers, and of all tokens, had a call that succeeded. */
  readonly succeeding: number;
  /** How long it stays open before some calls may try. */
  readonly openMs: number;
  /** How many calls may try at once then, one of each customer. */
  readonly probes: number;
  /** How long a call waits for its turn while the circuit is open. */
  readonly holdMs: number;
}

/** For whom a call is made: what keeps failing for one of them is not the other side's outage. */
export interface Payer {
  readonly customer: string;
  /** Absent where the call names none. */
  readonly token?: string;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

/** Customers and tokens whose calls are remembered, each. */
const REMEMBERED = 1_000;

interface Waiter {
  readonly customer: string;
  readonly admit: (mayCall: boolean) => void;
}

/**
 * Keeps calls back from another side that is down. Down means that calls fail for several customers with several
 * tokens, and that hardly any succeed: what fails for one customer or token alone never opens it. Calls wait for it to
 * close, and are let through as soon as it does.
 */
export class Circuit {
  readonly #settings: CircuitSettings;
  readonly #customers: Outcomes;
  readonly #tokens: Outcomes;
  readonly #waiters = new Set<Waiter>();
  /** Customers whose call is under way in the half-open circuit. */
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

  /** Resolves with `true` when the call may be made, with `false` when it was kept back for too long. Never rejects. */
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
      const timer = setTimeout(giveUp, this.#settings.holdMs);
      signal?.addEventListener('abort', giveUp);
      this.#waiters.add(waiter);
    });
  }

  /** What became of a call that was let in; `given-up` by its caller, it tells nothing of the other side. */
  leave({ customer, token }: Payer, outcome: 'succeeded' | 'failed' | 'given-up'): void {
    this.#probing.delete(customer);
    if (outcome !== 'given-up') {
      const succeeded = outcome === 'succeeded';
      this.#customers.add(customer, succeeded);
      if (token !== undefined) this.#tokens.add(token, succeeded);
      if (succeeded && this.#state === 'half-open') this.#become('closed');
      else if (!succeeded && this.#state !== 'open' && this.#isDown()) this.#open();
    }
    this.#letIn();
  }

  #admits(customer: string): boolean {
    if (this.#state !== 'half-open') return this.#state === 'closed';
    if (this.#probing.has(customer) || this.#probing.size >= this.#settings.probes) return false;
    this.#probing.add(customer);
    return true;
  }

  #letIn(): void {
    for (const waiter of this.#waiters) if (this.#admits(waiter.customer)) waiter.admit(true);
  }

  #isDown(): boolean {
    const { several, succeeding } = this.#settings;
    const tokens = this.#tokens.counts();
    const customers = this.#customers.counts();
    const isFailing = ({ failing, succeeded }: Counts): boolean =>
      failing >= several && succeeded <= succeeding * (failing + succeeded);
    return isFailing(customers) && (tokens.failing + tokens.succeeded === 0 || isFailing(tokens));
  }

  #open(): void {
    this.#become('open');
    setTimeout(() => {
      this.#become('half-open');
      this.#letIn();
    }, this.#settings.openMs).unref();
  }

  /** Each state is judged by the calls that were made in it. */
  #become(state: CircuitState): void {
    this.#state = state;
    this.#probing.clear();
    this.#customers.clear();
    this.#tokens.clear();
  }
}

interface Counts {
  /** Some call failed, and none succeeded. */
  readonly failing: number;
  readonly succeeded: number;
}

/** When each name last failed and last succeeded, by a clock that nobody sets. */
class Outcomes {
  readonly #last: LRUCache<string, { readonly failedAt?: number; readonly succeededAt?: number }>;
  readonly #windowMs: number;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
    this.#last = new LRUCache({ max: REMEMBERED });
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
