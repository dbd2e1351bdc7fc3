/** A message costs more than what is in it, but whoever waits for a whole turn's has nothing to do meanwhile. */
const ENOUGH = 8;

/** What goes to another thread, a few at a time: what comes within one turn of the event loop, no more than eight together. */
export class Handover<Item> {
  readonly #hand: (items: readonly Item[]) => void;
  #waiting: Item[] = [];
  #isDue = false;

  constructor(hand: (items: readonly Item[]) => void) {
    this.#hand = hand;
  }

  /** Not handed over yet. */
  get waiting(): readonly Item[] {
    return this.#waiting;
  }

  add(item: Item): void {
    if (this.#waiting.push(item) >= ENOUGH) this.#handOver();
    else if (!this.#isDue) this.#handOverWithTheTurn();
  }

  #handOverWithTheTurn(): void {
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      if (this.#waiting.length > 0) this.#handOver();
    });
  }

  #handOver(): void {
    const items = this.#waiting;
    this.#waiting = [];
    this.#hand(items);
  }
}
