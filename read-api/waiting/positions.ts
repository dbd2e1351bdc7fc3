interface Waiter {
  readonly position: bigint;
  readonly settle: (reached: boolean) => void;
}

/** The known position of each read model, and the requests that wait for a later one. */
export class Positions {
  readonly #known = new Map<string, bigint>();
  readonly #waiters = new Map<string, Set<Waiter>>();

  /** Returns the position that the model is known to have passed. */
  of(model: string): bigint | undefined {
    return this.#known.get(model);
  }

  hasPassed(model: string, position: bigint): boolean {
    const known = this.#known.get(model);
    return known !== undefined && known >= position;
  }

  isAwaited(model: string): boolean {
    return (this.#waiters.get(model)?.size ?? 0) > 0;
  }

  /** Records the position of a model; an older position has no effect. */
  advance(model: string, position: bigint): void {
    if (this.hasPassed(model, position)) return;
    this.#known.set(model, position);
    for (const waiter of this.#waiters.get(model) ?? []) {
      if (waiter.position <= position) waiter.settle(true);
    }
  }

  /** Returns whether the model passes the position within `timeoutMs` and before the signal aborts. */
  reached(model: string, position: bigint, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.hasPassed(model, position)) return Promise.resolve(true);
    if (timeoutMs <= 0 || signal?.aborted === true) return Promise.resolve(false);
    const waiters = this.#waitersOf(model);
    return new Promise((resolve) => {
      const giveUp = () => waiter.settle(false);
      const waiter: Waiter = {
        position,
        settle: (reached) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', giveUp);
          waiters.delete(waiter);
          resolve(reached);
        },
      };
      const timer = setTimeout(giveUp, timeoutMs);
      signal?.addEventListener('abort', giveUp);
      waiters.add(waiter);
    });
  }

  /** Forgets the positions of all models; pending waits go on. */
  forget(): void {
    this.#known.clear();
  }

  /** Ends all waits without success. */
  giveUp(): void {
    for (const waiters of this.#waiters.values()) for (const waiter of waiters) waiter.settle(false);
  }

  #waitersOf(model: string): Set<Waiter> {
    const known = this.#waiters.get(model);
    if (known !== undefined) return known;
    const waiters = new Set<Waiter>();
    this.#waiters.set(model, waiters);
    return waiters;
  }
}
