export interface QuotaLimits {
  /** Maximum of all callers together. */
  readonly max: number;
  /** Maximum of each caller, so that one caller leaves room for the others. */
  readonly maxPerCaller: number;
}

/** Limits concurrent requests, streams or bodies: of all callers together and of each. */
export class CallerQuota {
  readonly limits: QuotaLimits;
  readonly #byCaller = new Map<string, number>();
  #all = 0;

  constructor(limits: QuotaLimits) {
    this.limits = limits;
  }

  /** Number of callers that have something in flight. */
  get callers(): number {
    return this.#byCaller.size;
  }

  /** Returns undefined when the caller may go on and must call `leave` at the end; else whose limit is reached. */
  enter(caller: string): 'full' | 'caller-full' | undefined {
    const theirs = this.#byCaller.get(caller) ?? 0;
    if (theirs >= this.limits.maxPerCaller) return 'caller-full';
    if (this.#all >= this.limits.max) return 'full';
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
