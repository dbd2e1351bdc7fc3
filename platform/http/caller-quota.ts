export interface QuotaLimits {
  /** Of all callers together. */
  readonly atOnce: number;
  /** Of each caller, so that one leaves room for the others. */
  readonly ofOneCaller: number;
}

/** Why nobody more is let in: there is no room, or the caller has their share. */
export type Refused = 'full' | 'caller-full';

/** Counts what callers have under way at once: so many of all callers, so many of each. */
export class CallerQuota {
  readonly limits: QuotaLimits;
  readonly #byCaller = new Map<string, number>();
  #all = 0;

  constructor(limits: QuotaLimits) {
    this.limits = limits;
  }

  /** Callers that have something under way. */
  get callers(): number {
    return this.#byCaller.size;
  }

  /** Returns undefined for a caller that is let in, who then owes a `leave`. */
  enter(caller: string): Refused | undefined {
    const theirs = this.#byCaller.get(caller) ?? 0;
    if (theirs >= this.limits.ofOneCaller) return 'caller-full';
    if (this.#all >= this.limits.atOnce) return 'full';
    this.#byCaller.set(caller, theirs + 1);
    this.#all += 1;
    return undefined;
  }

  leave(caller: string): void {
    const theirs = this.#byCaller.get(caller) ?? 0;
    if (theirs > 1) this.#byCaller.set(caller, theirs - 1);
    else this.#byCaller.delete(caller);
    this.#all -= 1;
  }
}
