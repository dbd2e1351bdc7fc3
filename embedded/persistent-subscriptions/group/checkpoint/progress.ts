import type { Entry, Message, Origin } from '../entry.ts';

export interface FinishedUpTo {
  readonly position: number;
  /** Number of events read up to this position. */
  readonly count: number;
}

/**
 * Tracks up to which position all events are finished. A checkpoint never passes an event that is not acknowledged,
 * skipped or parked.
 */
export class Progress<M extends Message> {
  /** In reading order. A Set deletes at constant cost. */
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

  /** Memory of all unfinished events. */
  get unfinishedBytes(): number {
    return this.#unfinishedBytes;
  }

  /** Counts positions without events of the group as finished together with the event before them. */
  skipTo(position: number): void {
    this.#last = position;
  }

  begin(message: M, origin: Origin): Entry<M> {
    const entry: Entry<M> = {
      message,
      origin,
      sequence: ++this.#count,
      checkpointBefore: this.#last,
      retryCount: 0,
      isRetry: false,
      isFinished: false,
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
    entry.isFinished = true;
    if (this.#unfinished.delete(entry)) this.#unfinishedBytes -= entry.message.bytes;
  }

  /** Returns up to where all events are finished; undefined before the first one. */
  finishedUpTo(): FinishedUpTo | undefined {
    const [first] = this.#unfinished;
    const position = first ? first.checkpointBefore : this.#last;
    if (position === undefined) return undefined;
    return { position, count: first ? first.sequence - 1 : this.#count };
  }
}
