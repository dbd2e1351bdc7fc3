import pLimit from 'p-limit';
import type { EventStore } from '../../../event-store/event-store.ts';
import { comparePositions, type LogPosition, latest } from '../positions.ts';
import type { Poison } from '../writing/evolve-batch.ts';
import type { ModelWriter } from '../writing/model-writer.ts';
import { type Batch, type BatchBounds, batchesOf } from './batches.ts';

export interface FollowerOptions {
  readonly store: EventStore;
  readonly prefixes: readonly string[];
  readonly bounds: BatchBounds;
  /** A position known to be in the log already: once caught up, everything up to it was seen. */
  readonly floor: LogPosition;
  readonly signal: AbortSignal;
  /** A model moved on; its documents are readable up to its position. */
  readonly moved: (model: ModelWriter) => void;
  /** A model cannot handle an event and is no longer followed for. */
  readonly poisoned: (model: ModelWriter, poison: Poison) => void;
  /** Between two batches, when nothing is being written; the next one waits for it. */
  readonly between: (follower: Follower, batch: Batch) => Promise<void>;
}

/** One subscription, and the models that are fed from it: side by side, batch by batch. */
export class Follower {
  readonly models: Set<ModelWriter>;
  readonly #options: FollowerOptions;
  readonly #after: LogPosition;
  /** The last event of ours that was handed to the models, or where the subscription began. */
  #taken: LogPosition;
  /** How far the log was looked at: nothing of ours lies between that event and here. */
  #looked: LogPosition;
  #isCaughtUp = false;
  #isOver = false;
  readonly #oneAtATime = pLimit(1);

  /** Follows from the position of the model that is latest behind. */
  constructor(models: readonly ModelWriter[], options: FollowerOptions) {
    this.models = new Set(models);
    this.#options = options;
    this.#after = models.map(({ position }) => position).sort(comparePositions)[0];
    this.#taken = this.#after;
  }

  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  /**
   * Takes in a model that has everything that was handed out here, so that it misses nothing; else answers false. None
   * before the end of the log was reached: it might be far behind the model.
   */
  admit(model: ModelWriter): boolean {
    if (this.#isOver || !this.#isCaughtUp || comparePositions(model.position, this.#taken) < 0) return false;
    model.passed(this.#looked);
    this.models.add(model);
    return true;
  }

  /** Does work while no batch is being written here. */
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
      for await (const batch of batchesOf(entries, bounds)) {
        await this.exclusively(async () => {
          await this.#hand(batch);
          if (!signal.aborted) await this.#options.between(this, batch);
        });
        if (signal.aborted) return;
        // At once, and not only when the subscription has ended: nobody may be taken in any more.
        this.#isOver = this.models.size === 0;
        if (this.#isOver) return;
      }
    } finally {
      this.#isOver = true;
      ended.abort();
    }
  }

  async #hand(batch: Batch): Promise<void> {
    const { floor, moved, poisoned } = this.#options;
    this.#taken = latest(this.#taken, batch.lastEvent);
    const end = batch.caughtUp ? latest(batch.end, floor) : batch.end;
    this.#looked = latest(this.#looked, end);
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

/** Waits for all, then throws the first error: nothing goes on behind the back of who awaits. */
async function allEnded(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason;
}
