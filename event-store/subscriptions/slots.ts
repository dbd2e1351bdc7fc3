/** How many things may be in hand at once. */
export class Slots {
  readonly #count: number;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];

  constructor(count: number) {
    if (!Number.isInteger(count) || count < 1) throw new RangeError(`at least one slot, not ${count}`);
    this.#count = count;
  }

  /** Resolves when a slot is the caller's. */
  async take(): Promise<void> {
    if (this.#taken < this.#count) {
      this.#taken += 1;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next();
      return;
    }
    this.#taken -= 1;
    if (this.#taken === 0) for (const idle of this.#idle.splice(0)) idle();
  }

  /** Resolves when nothing is in hand. */
  async untilIdle(): Promise<void> {
    if (this.#taken > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}
