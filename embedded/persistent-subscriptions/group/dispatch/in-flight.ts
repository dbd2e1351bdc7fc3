import type { Entry, Message } from '../entry.ts';

/**
 * The unacknowledged events of a consumer, by id. Two events may have the same id (written twice with the last revision);
 * an acknowledgement then applies to the one sent first.
 */
export class InFlight<M extends Message> {
  readonly #byId = new Map<string, Entry<M> | Entry<M>[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(entry: Entry<M>): void {
    const { id } = entry.message;
    const same = this.#byId.get(id);
    if (same === undefined) this.#byId.set(id, entry);
    else if (Array.isArray(same)) same.push(entry);
    else this.#byId.set(id, [same, entry]);
    this.#size++;
  }

  /** Removes and returns the event with an id; undefined if none is in flight. */
  take(id: string): Entry<M> | undefined {
    const same = this.#byId.get(id);
    const entry = Array.isArray(same) ? same[0] : same;
    if (entry) this.remove(entry);
    return entry;
  }

  remove(entry: Entry<M>): void {
    const { id } = entry.message;
    const same = this.#byId.get(id);
    if (!Array.isArray(same)) {
      if (same === entry && this.#byId.delete(id)) this.#size--;
      return;
    }
    const rest = same.filter((other) => other !== entry);
    this.#size -= same.length - rest.length;
    if (rest.length) this.#byId.set(id, rest);
    else this.#byId.delete(id);
  }

  *[Symbol.iterator](): Generator<Entry<M>> {
    for (const same of this.#byId.values()) {
      if (Array.isArray(same)) yield* same;
      else yield same;
    }
  }
}
