import { once } from 'node:events';
import { backoffMs, pause } from '../../event-store/backoff.ts';
import { NewerEventVersion, UndecodableEvent } from '../../event-store/errors.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import type { AnyProjection } from '../registry.ts';
import type { Batch, BatchBounds } from './batches.ts';
import { StatusBoard } from './board.ts';
import type { Poison } from './evolve-batch.ts';
import { Follower } from './follower.ts';
import { ModelWriter } from './model-writer.ts';
import type { Observer } from './observer.ts';
import { type Writing, WritingEnded } from './persistence.ts';
import { comparePositions, furthest, type Reached } from './positions.ts';
import { unlessAborted } from './unless-aborted.ts';

/** A model that nothing happens to still stores how far it is, so often. */
const CHECKPOINT_EVERY_MS = 250;
const retryBackoff = { firstMs: 1_000, maxMs: 60_000 };

export interface SessionOptions {
  readonly store: EventStore;
  readonly readStore: ReadStore;
  readonly projections: readonly AnyProjection[];
  readonly prefixes: readonly string[];
  readonly bounds: BatchBounds;
  readonly retry?: { readonly firstMs: number; readonly maxMs: number };
  readonly observer: Observer;
  readonly writing: Writing;
}

/**
 * Writes the read models for as long as the lease is held. The models that are furthest share one subscription; one that
 * is behind (new, or stopped by an event that it could not handle) has one of its own until it can join.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #board: StatusBoard;
  readonly #models: ModelWriter[] = [];
  readonly #tasks = new Set<Promise<void>>();
  readonly #failures = new Map<string, { readonly times: number; readonly at: Reached }>();
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  #head: Reached;
  #shared: Follower | undefined;
  #error: unknown;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.writing.signal, this.#ended.signal]);
    this.#board = new StatusBoard(options.readStore, options.writing, options.observer.status);
  }

  /** Resolves when the signal aborts, all writing done; rejects when the read store can no longer be used. */
  async run(): Promise<void> {
    await this.#open();
    for (const models of byPosition(this.#models)) this.#follow(models);
    const saving = this.#save();
    if (!this.#signal.aborted) await once(this.#signal, 'abort');
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    await saving;
    if (this.#error !== undefined) throw this.#error;
  }

  async #open(): Promise<void> {
    const { projections, readStore, store, writing, observer } = this.#options;
    for (const projection of projections) {
      const live = await readStore.liveGeneration(projection.name);
      const generation = await readStore.generation<unknown>(projection, live === 0 ? 1 : live);
      if (live === 0) await readStore.makeLive(projection.name, generation.number);
      const checkpoint = await generation.checkpoint();
      this.#models.push(new ModelWriter(projection, generation, checkpoint, writing));
      if (checkpoint !== undefined) observer.moved(projection.name, checkpoint);
      this.#board.set({ name: projection.name, generation: generation.number, status: 'catching-up' });
    }
    this.#head = await unlessAborted(store.head(), this.#signal);
  }

  #follow(models: readonly ModelWriter[]): void {
    if (models.length === 0 || this.#signal.aborted) return;
    const { store, prefixes, bounds } = this.#options;
    const follower = new Follower(models, {
      store,
      prefixes,
      bounds,
      floor: furthestOf([this.#head, ...this.#models.map(({ position }) => position)]),
      signal: this.#signal,
      moved: (model) => this.#moved(model),
      poisoned: (model, poison) => this.#stopped([model], poison),
      between: (_, batch) => this.#between(follower, batch),
    });
    this.#shared ??= follower;
    this.#track(
      follower
        .run()
        .catch((error: unknown) => this.#failed(follower, error))
        .finally(() => {
          if (this.#shared === follower) this.#shared = undefined;
        }),
    );
  }

  #moved({ name, position }: ModelWriter): void {
    if (position !== undefined) this.#options.observer.moved(name, position);
  }

  #between(follower: Follower, batch: Batch): void {
    this.#shared ??= follower;
    if (follower === this.#shared) {
      for (const type of batch.unknownTypes) this.#options.observer.unknownEvent(type);
      this.#options.observer.applied(batch.events.length, follower.models.size);
    } else {
      for (const model of follower.models) if (this.#shared.admit(model)) follower.models.delete(model);
    }
    const status = follower.isCaughtUp ? 'live' : 'catching-up';
    for (const model of this.#shared.models)
      this.#describe(model, this.#shared.isCaughtUp ? 'live' : 'catching-up');
    for (const model of follower.models) this.#describe(model, status);
  }

  /** A model that had stopped is well again once it is past the event that stopped it. */
  #describe(model: ModelWriter, status: 'live' | 'catching-up'): void {
    const failed = this.#failures.get(model.name);
    if (failed !== undefined && comparePositions(model.position, failed.at) <= 0) return;
    this.#failures.delete(model.name);
    this.#board.set({ name: model.name, generation: model.generation.number, status });
  }

  #stopped(models: readonly ModelWriter[], poison: Poison): void {
    if (models.length === 0) return;
    let times = 0;
    for (const model of models) {
      times = Math.max(times, this.#failures.get(model.name)?.times ?? 0);
      this.#failures.set(model.name, { times: times + 1, at: model.position });
      this.#board.stopped(model.name, model.generation.number, poison);
    }
    this.#track(
      pause(backoffMs(times, this.#options.retry ?? retryBackoff), this.#signal).then(() =>
        this.#follow(models),
      ),
    );
  }

  #failed(follower: Follower, error: unknown): void {
    if (error instanceof NewerEventVersion || error instanceof UndecodableEvent)
      this.#unreadable(follower, error);
    else {
      if (!(error instanceof WritingEnded)) this.#error = error;
      this.#ended.abort();
    }
  }

  /** The models that do not care for an event that nobody can read go on behind it. */
  #unreadable(follower: Follower, error: NewerEventVersion | UndecodableEvent): void {
    const { position, type, stream, revision } = error;
    const cares = ({ projection }: ModelWriter) =>
      position === undefined || (projection.eventTypes?.includes(type) ?? true);
    const models = [...follower.models];
    const others = models.filter((model) => !cares(model));
    for (const model of others) model.passed(position);
    if (this.#shared === follower) this.#shared = undefined;
    this.#follow(others);
    this.#stopped(models.filter(cares), { stream, revision, reason: `${error.name}: ${error.message}` });
  }

  async #save(): Promise<void> {
    const { writing } = this.#options;
    for (;;) {
      await pause(CHECKPOINT_EVERY_MS, this.#signal);
      try {
        for (const model of this.#models) await model.saveCheckpoint();
        await this.#board.write();
      } catch (error) {
        if (!(error instanceof WritingEnded))
          writing.logger.warn('checkpoints could not be stored', { error: String(error) });
      }
      if (this.#signal.aborted) return;
    }
  }

  #track(task: Promise<void>): void {
    const tracked = task.finally(() => this.#tasks.delete(tracked));
    this.#tasks.add(tracked);
  }
}

/** Models at the same place together, those furthest along the log first: they are the ones to be joined. */
function byPosition(models: readonly ModelWriter[]): ModelWriter[][] {
  const groups: ModelWriter[][] = [];
  for (const model of [...models].sort((a, b) => comparePositions(b.position, a.position))) {
    const last = groups.at(-1);
    const position = last?.[0]?.position;
    if (last !== undefined && comparePositions(position, model.position) === 0) last.push(model);
    else groups.push([model]);
  }
  return groups;
}

const furthestOf = (positions: readonly Reached[]): Reached => positions.reduce(furthest, undefined);
