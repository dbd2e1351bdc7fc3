/**
 * The lag of each model: time since it was last known to be as far as the furthest model. While the feed is silent, the
 * time since its last message counts.
 */
export class Lag {
  readonly #now: () => number;
  readonly #positions = new Map<string, bigint>();
  readonly #behindSince = new Map<string, number>();
  #newest = -1n;
  #silentSince: number | undefined;

  /** `now` is a monotonic clock in milliseconds. The feed counts as silent at first. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#silentSince = now();
  }

  advance(model: string, position: bigint): void {
    if (position <= (this.#positions.get(model) ?? -1n)) return;
    this.#positions.set(model, position);
    this.#newest = position > this.#newest ? position : this.#newest;
    for (const [name, reached] of this.#positions) {
      if (reached >= this.#newest) this.#behindSince.delete(name);
      else if (!this.#behindSince.has(name)) this.#behindSince.set(name, this.#now());
    }
  }

  /** Forgets the positions of all models. */
  forget(): void {
    this.#positions.clear();
    this.#behindSince.clear();
    this.#newest = -1n;
  }

  setConnected(isConnected: boolean): void {
    if (isConnected) this.#silentSince = undefined;
    else this.#silentSince ??= this.#now();
  }

  /** Returns the lag in whole milliseconds. */
  of(model: string): number {
    const since = this.#behindSince.get(model) ?? this.#silentSince;
    return since === undefined ? 0 : Math.round(this.#now() - since);
  }
}
