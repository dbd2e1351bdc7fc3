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
  /** A position known to be in the log: once caught up, the subscription has passed it. */
  readonly floor: LogPosition;
  readonly signal: AbortSignal;
  /** Called when the documents of a model contain all events up to its position. */
  readonly moved: (model: ModelWriter) => void;
  /** Called when a model cannot handle an event; the follower no longer feeds it. */
  readonly poisoned: (model: ModelWriter, poison: Poison) => void;
  /** Runs between two batches, while nothing is being written; the next batch waits for it. */
  readonly between: (follower: Follower, batch: Batch) => Promise<void>;
}

/** Reads one subscription and applies each batch to its read models, all models at the same time. */
export class Follower {
  readonly models: Set<ModelWriter>;
  readonly #options: FollowerOptions;
  readonly #after: LogPosition;
  /** Position of the last event that the models received, or the start of the subscription. */
  #received: LogPosition;
  /** Position up to which the log was read: no event for the models lies between the last one and here. */
  #readUpTo: LogPosition;
  #isCaughtUp = false;
  #isOver = false;
  readonly #oneAtATime = pLimit(1);

  /** Subscribes from the position of the model that is furthest behind. */
  constructor(models: readonly ModelWriter[], options: FollowerOptions) {
    this.models = new Set(models);
    this.#options = options;
    this.#after = models.map(({ position }) => position).sort(comparePositions)[0];
    this.#received = this.#after;
  }

  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  /**
   * Adds a model that already contains every event that the models here received; returns false for another model. Adds
   * none before the subscription has caught up: it may be far behind the model.
   */
  admit(model: ModelWriter): boolean {
    if (this.#isOver || !this.#isCaughtUp || comparePositions(model.position, this.#received) < 0)
      return false;
    model.advance(this.#readUpTo);
    this.models.add(model);
    return true;
  }

  /** Runs work while no batch of this follower is being written. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#oneAtATime(work);
  }

  /**
   * Ends when the signal aborts or no model is left. Throws what the subscription throws (`NewerEventVersion`,
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
          if (!signal.aborted) await this.#options.between(this, batch);
        });
        if (signal.aborted) return;
        // Set now, and not only when the subscription has ended: no model may join any more.
        this.#isOver = this.models.size === 0;
        if (this.#isOver) return;
      }
    } finally {
      this.#isOver = true;
      ended.abort();
    }
  }

  async #apply(batch: Batch): Promise<void> {
    const { floor, moved, poisoned } = this.#options;
    this.#received = latest(this.#received, batch.lastEvent);
    const end = batch.caughtUp ? latest(batch.end, floor) : batch.end;
    this.#readUpTo = latest(this.#readUpTo, end);
    await allEnded(
      [...this.models].map(async (model) => {
        const poison = await model.apply(batch.events, end);
        moved(model);
        if (poison === undefined) return;
        this.models.delete(model);
        poisoned(model, poison);
      }),
    );
    this.#isCaughtUp ||= batch.caughtUp;
  }
}

/** Waits for all, then throws the first error: nothing is still running when the caller continues. */
async function allEnded(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason;
}
