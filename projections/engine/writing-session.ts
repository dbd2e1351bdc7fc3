import { setMaxListeners } from 'node:events';
import { UnreadableEvent } from '../../event-store/errors.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { backoffMs, pause } from '../../platform/async/backoff.ts';
import { untilAborted } from '../../platform/async/until-aborted.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import type { Projection } from '../projection.ts';
import { followRebuildRequests } from '../rebuild/follow-requests.ts';
import { BackgroundTasks } from './background-tasks.ts';
import { OpenModels } from './generations/open-models.ts';
import { RebuildCoordinator } from './generations/rebuild-coordinator.ts';
import { type WritePermission, WritingEnded } from './lease/write-permission.ts';
import type { Tuning } from './projector-options.ts';
import type { Observer } from './status/observer.ts';
import type { Batch } from './subscription/batches.ts';
import { Follower } from './subscription/follower.ts';
import { groupByPosition } from './subscription/group-by-position.ts';
import { StoppedWriters } from './subscription/stopped-writers.ts';
import type { Poison } from './writing/evolve-batch.ts';
import type { ModelWriter } from './writing/model-writer.ts';

/** Milliseconds between two runs of the periodic work: checkpoints without new documents, requested rebuilds, statuses. */
const PERIOD_MS = 250;

export interface WritingSessionOptions {
  readonly store: EventStore;
  readonly readStore: ReadStore;
  readonly projections: readonly Projection[];
  readonly prefixes: readonly string[];
  readonly tuning: Tuning;
  readonly observer: Observer;
  readonly writing: WritePermission;
}

/**
 * Writes the read models while the lease is held. Read models that have caught up share one subscription (a `Follower`).
 * A read model that is behind (new, being rebuilt, or stopped at an event) has its own subscription until it has caught up.
 */
export class WritingSession {
  readonly #options: WritingSessionOptions;
  readonly #rebuilds: RebuildCoordinator;
  readonly #models: OpenModels;
  readonly #followers = new Set<Follower>();
  readonly #stopped = new StoppedWriters();
  readonly #tasks: BackgroundTasks;
  readonly #signal: AbortSignal;
  #shared: Follower | undefined;

  constructor(options: WritingSessionOptions) {
    this.#options = options;
    this.#tasks = new BackgroundTasks(options.writing.signal, (error) => error instanceof WritingEnded);
    this.#signal = this.#tasks.signal;
    // Several tasks per read model listen to these signals: this is not the leak that Node warns of.
    setMaxListeners(0, options.writing.signal, this.#signal);
    this.#models = new OpenModels(options);
    this.#rebuilds = new RebuildCoordinator({
      ...options,
      dropAfterMs: options.tuning.dropAfterMs,
      signal: this.#signal,
      followerOf: (writer) => [...this.#followers].find(({ writers }) => writers.has(writer)),
      runInBackground: (task) => this.#tasks.run(task),
      publishStatus: (model) => this.#models.publishStatus(model),
      switched: (model) => {
        if (model.live !== undefined) this.#models.publishPosition(model.live);
        this.#models.publishStatus(model);
      },
    });
  }

  /** Resolves when the signal has aborted and all writing is done; rejects when the read store is unusable. */
  async run(): Promise<void> {
    await this.#open();
    for (const writers of groupByPosition(this.#models.writers)) this.#follow(writers);
    this.#tasks.run(this.#runPeriodicWork());
    this.#tasks.run(followRebuildRequests({ ...this.#options, signal: this.#signal }));
    await this.#tasks.ended();
  }

  async #open(): Promise<void> {
    const { store, observer } = this.#options;
    const requests = await this.#rebuilds.requests();
    await this.#models.open(requests);
    for (const model of this.#models.all) {
      await this.#rebuilds.completeInterrupted(model, requests[model.name]);
      const livePosition = await model.livePosition();
      if (livePosition !== undefined) observer.moved(model.name, livePosition);
    }
    this.#models.head = await untilAborted(store.head(), this.#signal);
    for (const model of this.#models.all) this.#models.publishStatus(model);
  }

  #follow(wanted: readonly ModelWriter[]): void {
    // Another generation may have replaced some of them in the meantime.
    const present = new Set(this.#models.writers);
    const writers = wanted.filter((writer) => present.has(writer));
    if (writers.length === 0 || this.#signal.aborted) return;
    const { store, prefixes, tuning } = this.#options;
    const follower = new Follower(writers, {
      store,
      prefixes,
      bounds: tuning.batch,
      knownPosition: this.#models.lastKnownPosition,
      signal: this.#signal,
      moved: (writer) => this.#models.publishPosition(writer),
      poisoned: (writer, poison) => this.#stop([writer], poison),
      afterBatch: (batch) => this.#afterBatch(follower, batch),
    });
    this.#followers.add(follower);
    this.#shared ??= follower;
    this.#tasks.run(
      follower
        .run()
        .catch((error: unknown) => this.#skipUnreadable(follower, error))
        .finally(() => {
          this.#followers.delete(follower);
          if (this.#shared === follower) this.#shared = undefined;
        }),
    );
  }

  /** Reports the batch. Moves read models that have caught up to the shared subscription, and finishes rebuilds. */
  async #afterBatch(follower: Follower, batch: Batch): Promise<void> {
    this.#shared ??= follower;
    if (follower === this.#shared) {
      for (const type of batch.unknownTypes) this.#options.observer.unknownEvent(type);
      this.#options.observer.applied(batch.events.length, follower.writers.size);
    } else {
      for (const writer of follower.writers)
        if (this.#shared.admit(writer)) this.#moveToShared(writer, follower);
    }
    for (const writer of follower.writers) {
      this.#recordProgress(writer, follower);
      const model = this.#models.of(writer);
      if (model?.rebuild?.writer === writer) await this.#rebuilds.finish(model, follower);
    }
  }

  #moveToShared(writer: ModelWriter, before: Follower): void {
    before.writers.delete(writer);
    this.#models.publishPosition(writer);
    this.#recordProgress(writer, this.#shared ?? before);
    const model = this.#models.of(writer);
    if (model !== undefined) this.#rebuilds.finishSoon(model);
  }

  /** A stopped read model counts as running again once it is past the event that stopped it. */
  #recordProgress(writer: ModelWriter, { isCaughtUp }: Follower): void {
    if (!this.#stopped.isPast(writer)) return;
    const model = this.#models.of(writer);
    if (model?.live === writer) model.status = { status: isCaughtUp ? 'live' : 'catching-up' };
    if (model?.rebuild?.writer === writer) model.rebuild.error = undefined;
    else if (model !== undefined) this.#models.publishStatus(model);
  }

  #stop(writers: readonly ModelWriter[], poison: Poison): void {
    if (writers.length === 0) return;
    const times = this.#stopped.add(writers);
    for (const writer of writers) this.#publishStopped(writer, poison);
    this.#tasks.run(
      pause(backoffMs(times, this.#options.tuning.retry), this.#signal).then(() => this.#follow(writers)),
    );
  }

  #publishStopped(writer: ModelWriter, { stream, revision, reason }: Poison): void {
    const model = this.#models.of(writer);
    if (model === undefined) return;
    const error = { stream, revision: revision.toString(), reason };
    const { generation } = writer.generation;
    this.#options.writing.logger.error('read model stopped at an event that it cannot handle', {
      model: model.name,
      generation,
      ...error,
    });
    if (model.rebuild?.writer === writer)
      this.#tasks.run(this.#rebuilds.stopped(model, model.rebuild, error));
    else {
      model.status = { status: 'stopped', error };
      this.#models.publishStatus(model);
      // A finished rebuild may have waited for the live generation.
      this.#rebuilds.finishSoon(model);
    }
  }

  /** Read models that do not use the type of an unreadable event continue after it. Throws other errors. */
  #skipUnreadable(follower: Follower, error: unknown): void {
    if (!(error instanceof UnreadableEvent)) throw error;
    const { position, type, stream, revision } = error.place;
    const usesType = ({ projection }: ModelWriter) =>
      position === undefined || (projection.eventTypes?.includes(type) ?? true);
    const writers = [...follower.writers];
    const others = writers.filter((writer) => !usesType(writer));
    for (const writer of others) writer.advance(position);
    if (this.#shared === follower) this.#shared = undefined;
    this.#followers.delete(follower);
    this.#follow(others);
    this.#stop(writers.filter(usesType), { stream, revision, reason: String(error) });
  }

  async #runPeriodicWork(): Promise<void> {
    const { writing } = this.#options;
    for (;;) {
      await pause(PERIOD_MS, this.#signal);
      try {
        for (const writer of this.#models.writers) await writer.saveCheckpoint();
        if (!this.#signal.aborted) this.#follow(await this.#rebuilds.startRequested(this.#models.all));
        for (const model of this.#models.all)
          if (model.rebuild !== undefined) this.#models.publishStatus(model);
        await this.#models.statuses.write();
      } catch (error) {
        if (!(error instanceof WritingEnded))
          writing.logger.warn('periodic work of the projector failed', { error: String(error) });
      }
      if (this.#signal.aborted) return;
    }
  }
}
