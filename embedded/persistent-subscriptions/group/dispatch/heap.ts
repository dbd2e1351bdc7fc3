interface Ordered {
  readonly sequence: number;
}

/** A binary heap that returns the item with the lowest sequence first. */
export class Heap<T extends Ordered> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    let at = this.#items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfLower(at, parent)) return;
      at = parent;
    }
  }

  shift(): T | undefined {
    const lowest = this.#items[0];
    const last = this.#items.pop();
    if (lowest === undefined || last === undefined || lowest === last) return lowest;
    this.#items[0] = last;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const child = this.#sequence(left + 1) < this.#sequence(left) ? left + 1 : left;
      if (!this.#swapIfLower(child, at)) return lowest;
      at = child;
    }
  }

  #sequence(at: number): number {
    return this.#items[at]?.sequence ?? Number.POSITIVE_INFINITY;
  }

  #swapIfLower(from: number, to: number): boolean {
    const lower = this.#items[from];
    const higher = this.#items[to];
    if (lower === undefined || higher === undefined || lower.sequence >= higher.sequence) return false;
    this.#items[to] = lower;
    this.#items[from] = higher;
    return true;
  }
}
