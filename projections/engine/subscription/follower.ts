import pLimit from 'p-limit';
import type { EventStore } from '../../../event-store/event-store.ts';
import { comparePositions, type LogPosition, latest } from '../positions.ts';
import type { Poison } from '../writing/evolve-batch.ts';
import type { ModelWriter } from '../writing/model-writer.ts';
import { type Batch, type BatchBounds, readBatches } from './batches.ts';

export interface FollowerOptions {
  readonly store: EventStore;
  readonly prefixes: readonly string[];
  readonly bounds: BatchBounds;
  /** A position that the log is known to have: a subscription that has caught up has passed it. */
  readonly knownPosition: LogPosition;
  readonly signal: AbortSignal;
  /** Called when the documents of a read model contain all events up to the position of its writer. */
  readonly moved: (writer: ModelWriter) => void;
  /** Called when a read model cannot handle an event; the follower gives it no more events. */
  readonly poisoned: (writer: ModelWriter, poison: Poison) => void;
  /** Runs after each batch, while nothing is being written; the next batch waits for it. */
  readonly afterBatch: (batch: Batch) => Promise<void>;
}

/** Reads one subscription and applies each batch to its read models, all of them at the same time. */
export class Follower {
  /** The writers of its read models. */
  readonly writers: Set<ModelWriter>;
  readonly #options: FollowerOptions;
  readonly #after: LogPosition;
  /** Position of the last event that the read models received, or the start of the subscription. */
  #received: LogPosition;
  /** Position up to which the log was read: no event for the read models lies between the last one and here. */
  #readUpTo: LogPosition;
  #isCaughtUp = false;
  #isOver = false;
  readonly #oneAtATime = pLimit(1);

  /** Subscribes from the position of the read model that is furthest behind. */
  constructor(writers: readonly ModelWriter[], options: FollowerOptions) {
    this.writers = new Set(writers);
    this.#options = options;
    this.#after = writers.map(({ position }) => position).sort(comparePositions)[0];
    this.#received = this.#after;
  }

  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  /**
   * Adds a read model that already contains every event that the read models here received; returns false for another one.
   * Adds none before the subscription has caught up: it may be far behind that read model.
   */
  admit(writer: ModelWriter): boolean {
    if (this.#isOver || !this.#isCaughtUp || comparePositions(writer.position, this.#received) < 0)
      return false;
    writer.advance(this.#readUpTo);
    this.writers.add(writer);
    return true;
  }

  /** Runs work while no batch of this follower is being written. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#oneAtATime(work);
  }

  /**
   * Ends when the signal aborts or no read model is left. Throws what the subscription throws (`NewerEventVersion`,
   * `UndecodableEvent`), and `WritingEnded`.
   */
  async run(): Promise<void> {
    const { store, prefixes, bounds, signal } = this.#options;
    const after = this.#after === undefined ? {} : { after: this.#after };
    const ended = new AbortController();
    const entries = store.subscribe({ prefixes, ...after, signal: AbortSignal.any([signal, ended.signal]) });
    try {
      for await (const batch of readBatches(entries, bounds)) {
        await this.exclusively(async () => {
          await this.#apply(batch);
          if (!signal.aborted) await this.#options.afterBatch(batch);
        });
        if (signal.aborted) return;
        // Set now, and not only when the subscription has ended: no read model may join any more.
        this.#isOver = this.writers.size === 0;
        if (this.#isOver) return;
      }
    } finally {
      this.#isOver = true;
      ended.abort();
    }
  }

  async #apply(batch: Batch): Promise<void> {
    const { knownPosition, moved, poisoned } = this.#options;
    this.#received = latest(this.#received, batch.lastEvent);
    const end = batch.caughtUp ? latest(batch.end, knownPosition) : batch.end;
    this.#readUpTo = latest(this.#readUpTo, end);
    await allEnded(
      [...this.writers].map(async (writer) => {
        const poison = await writer.apply(batch.events, end);
        moved(writer);
        if (poison === undefined) return;
        this.writers.delete(writer);
        poisoned(writer, poison);
      }),
    );
    this.#isCaughtUp ||= batch.caughtUp;
  }
}

/** Waits for all, then throws the first error: nothing is still running when the caller continues. */
async function allEnded(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason;
}
