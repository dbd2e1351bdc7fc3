const SETS = 65_536;
const WAYS = 8;

/**
 * Where events with a given id were written lately: how a retried append is recognised without an index.
 *
 * A table of fixed size (524,288 places, 6 MiB) in which the newest stay: each id has eight places, and takes
 * that of the oldest. It keeps a part of the id only, so what it answers must be checked against the log.
 */
export class RecentIds {
  readonly #tags = new Uint32Array(SETS * WAYS);
  readonly #positions = new Float64Array(SETS * WAYS);

  add(stream: number, id: Buffer, position: number): void {
    const first = firstPlace(stream, id);
    const tag = tagOf(id);
    let place = first;
    for (let i = first; i < first + WAYS; i++) {
      if (this.#tags[i] === tag && this.#positions[i] !== 0) {
        place = i;
        break;
      }
      if (Number(this.#positions[i]) < Number(this.#positions[place])) place = i;
    }
    this.#tags[place] = tag;
    this.#positions[place] = position;
  }

  /** The position where an event with that id may be. */
  find(stream: number, id: Buffer): number | undefined {
    const first = firstPlace(stream, id);
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

/** The same id may be in several streams: each gives it other places. */
const firstPlace = (stream: number, id: Buffer): number =>
  ((id.readUInt32LE(8) ^ Math.imul(stream, SPREAD)) >>> 16) * WAYS;

/** The last bytes: those that differ most, also in ids that are made in order. */
const tagOf = (id: Buffer): number => id.readUInt32LE(12);
