/**
 * Where events with a given id were written lately: how a retried append is recognised without an index.
 * Bounded; keyed by a part of the id and the stream, so that what it answers must be checked against the log.
 */
export class RecentIds {
  readonly #positions = new Map<number, number>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(stream: number, id: Buffer, position: number): void {
    const key = keyOf(stream, id);
    this.#positions.delete(key);
    this.#positions.set(key, position);
    if (this.#positions.size <= this.#capacity) return;
    const oldest = this.#positions.keys().next();
    if (!oldest.done) this.#positions.delete(oldest.value);
  }

  /** The position where an event with that id may be. */
  find(stream: number, id: Buffer): number | undefined {
    return this.#positions.get(keyOf(stream, id));
  }

  clear(): void {
    this.#positions.clear();
  }
}

const SPREAD = 0x9e3779b1;

const keyOf = (stream: number, id: Buffer): number => id.readUIntBE(0, 6) + ((stream * SPREAD) % 2 ** 48);
