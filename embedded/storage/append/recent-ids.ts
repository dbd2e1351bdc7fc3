const SETS = 65_536;
const WAYS = 8;

/**
 * Finds recently written events by id, so that a duplicate append is recognised without an index.
 *
 * A table of fixed size (524,288 slots, 6 MiB). Each id has eight possible slots and replaces the oldest one. The table
 * stores only a part of the id, so the caller must compare the result with the log.
 */
export class RecentIds {
  readonly #tags = new Uint32Array(SETS * WAYS);
  readonly #positions = new Float64Array(SETS * WAYS);

  add(stream: number, id: Buffer, position: number): void {
    const first = firstSlot(stream, id);
    const tag = tagOf(id);
    let slot = first;
    for (let i = first; i < first + WAYS; i++) {
      if (this.#tags[i] === tag && this.#positions[i] !== 0) {
        slot = i;
        break;
      }
      if (Number(this.#positions[i]) < Number(this.#positions[slot])) slot = i;
    }
    this.#tags[slot] = tag;
    this.#positions[slot] = position;
  }

  /** Returns the position where an event with this id may be. */
  find(stream: number, id: Buffer): number | undefined {
    const first = firstSlot(stream, id);
    const tag = tagOf(id);
    for (let i = first; i < first + WAYS; i++) {
      if (this.#tags[i] === tag && this.#positions[i] !== 0) return this.#positions[i];
    }
    return undefined;
  }

  clear(): void {
    this.#positions.fill(0);
  }
}

const SPREAD = 0x9e3779b1;

/** Depends on the stream too, since the same id may be in several streams. */
const firstSlot = (stream: number, id: Buffer): number =>
  ((id.readUInt32LE(8) ^ Math.imul(stream, SPREAD)) >>> 16) * WAYS;

/** The last bytes differ most, also between sequential ids. */
const tagOf = (id: Buffer): number => id.readUInt32LE(12);
