export interface BatchLimits {
  /** Number of items that are sent at once. */
  readonly maxItems: number;
  /** Calls back when fewer items are sent: a moment after the first of them. */
  readonly schedule: (flush: () => void) => unknown;
}

/** Sends items in batches: the costs of a message hardly depend on the number of its items. */
export class Batcher<Item> {
  readonly #limits: BatchLimits;
  readonly #send: (items: readonly Item[]) => unknown;
  #items: Item[] = [];
  #isScheduled = false;

  /** `send` must not reject. */
  constructor(limits: BatchLimits, send: (items: readonly Item[]) => unknown) {
    this.#limits = limits;
    this.#send = send;
  }

  /** Items that have not been sent yet. */
  get waiting(): readonly Item[] {
    return this.#items;
  }

  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length >= this.#limits.maxItems) void this.flush();
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#limits.schedule(() => {
        this.#isScheduled = false;
        void this.flush();
      });
    }
  }

  /** Sends the waiting items at once. Resolves when they are sent. */
  async flush(): Promise<void> {
    const items = this.#items;
    this.#items = [];
    if (items.length > 0) await this.#send(items);
  }
}
