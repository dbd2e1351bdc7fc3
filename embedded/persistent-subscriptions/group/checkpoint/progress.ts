import type { Entry, Message, Origin } from '../entry.ts';

export interface FinishedUpTo {
  readonly position: number;
  /** How many events were read up to there. */
  readonly count: number;
}

/**
 * How far everything read is finished. A checkpoint stands here: never beyond an event that is not
 * acknowledged, skipped or parked.
 */
export class Progress<M extends Message> {
  /** In the order in which they were read: a Set keeps it, and forgets at constant cost. */
  readonly #unfinished = new Set<Entry<M>>();
  #last: number | undefined;
  #lastRead: number | undefined;
  #count = 0;
  #unfinishedBytes = 0;

  constructor(startAfter?: number) {
    this.#last = startAfter;
  }

  /** The position of the newest event read; undefined before the first. */
  get lastRead(): number | undefined {
    return this.#lastRead;
  }

  /** What all that is not finished takes in memory. */
  get unfinishedBytes(): number {
    return this.#unfinishedBytes;
  }

  /** What lies between the events of a group counts as finished with what comes before it. */
  pass(position: number): void {
    this.#last = position;
  }

  begin(message: M, origin: Origin): Entry<M> {
    const entry: Entry<M> = {
      message,
      origin,
      sequence: ++this.#count,
      before: this.#last,
      retryCount: 0,
      retrying: false,
      finished: false,
      sentAt: 0,
      bucket: -1,
    };
    this.#last = message.position;
    this.#lastRead = message.position;
    this.#unfinished.add(entry);
    this.#unfinishedBytes += message.bytes;
    return entry;
  }

  finish(entry: Entry<M>): void {
    entry.finished = true;
    if (this.#unfinished.delete(entry)) this.#unfinishedBytes -= entry.message.bytes;
  }

  /** Up to where all is finished; undefined before anything is. */
  reached(): FinishedUpTo | undefined {
    const [first] = this.#unfinished;
    const position = first ? first.before : this.#last;
    if (position === undefined) return undefined;
    return { position, count: first ? first.sequence - 1 : this.#count };
  }
}
