/** An acknowledgement waits so long for others to go with it: a message costs both sides the same, however many it names. */
const GATHER_MS = 10;
/** So many go at once: what is not acknowledged counts as in hand, and holds back what comes next. */
const ENOUGH = 32;

/**
 * Acknowledges deliveries, several at a time. What is lost of them with the process, or the subscription, is delivered
 * again, like everything that was in hand.
 */
export class Acknowledgements<Item> {
  readonly #send: (items: readonly Item[]) => Promise<void>;
  #items: Item[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** `send` must not reject. */
  constructor(send: (items: readonly Item[]) => Promise<void>) {
    this.#send = send;
  }

  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length >= ENOUGH) void this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  /** Sends what has gathered, at once. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const items = this.#items;
    this.#items = [];
    if (items.length > 0) await this.#send(items);
  }
}
