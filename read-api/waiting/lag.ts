/**
 * How long ago each model was last known to have everything that any model has. While nothing is heard of them it is
 * not known, so that the time since then counts.
 */
export class Lag {
  readonly #now: () => number;
  readonly #positions = new Map<string, bigint>();
  readonly #behindSince = new Map<string, number>();
  #newest = -1n;
  #silentSince: number | undefined;

  /** `now` in milliseconds, of a clock that is never set back. Nothing is heard of the models as yet. */
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

  hear(heard: boolean): void {
    if (heard) this.#silentSince = undefined;
    else this.#silentSince ??= this.#now();
  }

  /** In whole milliseconds. */
  of(model: string): number {
    const since = this.#behindSince.get(model) ?? this.#silentSince;
    return since === undefined ? 0 : Math.round(this.#now() - since);
  }
}
