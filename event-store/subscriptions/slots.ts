import pLimit from 'p-limit';

/** Limits the number of deliveries that are handled at the same time. */
export class Slots {
  readonly #count: number;
  readonly #limit: ReturnType<typeof pLimit>;

  constructor(count: number) {
    this.#count = count;
    this.#limit = pLimit(count);
  }

  /** Waits for a free slot. Resolves with a function that frees it again. */
  take(): Promise<() => void> {
    return new Promise((resolve) => void this.#limit(() => new Promise<void>((free) => resolve(free))));
  }

  /** Resolves when no slot is taken. */
  async untilIdle(): Promise<void> {
    const all = await Promise.all(Array.from({ length: this.#count }, () => this.take()));
    for (const free of all) free();
  }
}
