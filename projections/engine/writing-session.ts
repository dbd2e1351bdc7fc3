import { once, setMaxListeners } from 'node:events';
import { UnreadableEvent } from '../../event-store/errors.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { backoffMs, pause } from '../../platform/async/backoff.ts';
import { untilAborted } from '../../platform/async/until-aborted.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import type { Projection } from '../projection.ts';
import { ReadModel } from './generations/read-model.ts';
import { RebuildCoordinator } from './generations/rebuild-coordinator.ts';
import { type WritePermission, WritingEnded } from './lease/write-permission.ts';
import { comparePositions, type LogPosition, latest } from './positions.ts';
import type { Tuning } from './projector-options.ts';
import type { Observer } from './status/observer.ts';
import { StatusWriter } from './status/status-writer.ts';
import type { Batch } from './subscription/batches.ts';
import { Follower } from './subscription/follower.ts';
import type { Poison } from './writing/evolve-batch.ts';
import type { ModelWriter } from './writing/model-writer.ts';

/** Interval at which checkpoints of read models without new documents are stored, and requested rebuilds start. */
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
 * Writes the read models while the lease is held. The read models that are furthest share one subscription. One that is
 * behind (new, being rebuilt, or stopped at an event) has its own subscription until it can join the shared one.
 */
export class WritingSession {
  readonly #options: WritingSessionOptions;
  readonly #board: StatusWriter;
  readonly #rebuilds: RebuildCoordinator;
  readonly #models = new Map<string, ReadModel>();
  readonly #followers = new Set<Follower>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #failures = new WeakMap<ModelWriter, { readonly times: number; readonly at: LogPosition }>();
  readonly #ended = new AbortController();
  readonly #signal: AbortSignal;
  #head: LogPosition;
  #shared: Follower | undefined;
  #error: unknown;

  constructor(options: WritingSessionOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.writing.signal, this.#ended.signal]);
    // Several tasks per read model listen to these signals: this is not the leak that Node warns of.
    setMaxListeners(0, options.writing.signal, this.#signal);
    this.#board = new StatusWriter(options.readStore, options.writing, options.observer.status);
    this.#rebuilds = new RebuildCoordinator({
      ...options,
      dropAfterMs: options.tuning.dropAfterMs,
      signal: this.#signal,
      followerOf: (writer) => [...this.#followers].find(({ models }) => models.has(writer)),
      runInBackground: (task) => this.#runInBackground(task),
      publishStatus: (model) => this.#publishStatus(model),
      switched: (model) => {
        if (model.live !== undefined) this.#moved(model.live);
        this.#publishStatus(model);
      },
    });
  }

  /** Resolves when the signal has aborted and all writing is done; rejects when the read store is unusable. */
  async run(): Promise<void> {
    await this.#open();
    for (const writers of groupByPosition(this.#writers())) this.#follow(writers);
    const periodicWork = this.#runPeriodicWork();
    if (!this.#signal.aborted) await once(this.#signal, 'abort');
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    await periodicWork;
    if (this.#error !== undefined) throw this.#error;
  }

  async #open(): Promise<void> {
    const { projections, readStore, store, writing, observer } = this.#options;
    const requests = await this.#rebuilds.requests();
    const opened = await Promise.all(
      projections.map((each) => ReadModel.open(each, readStore, writing, requests[each.name])),
    );
    for (const model of opened) {
      const { name } = model;
      this.#models.set(name, model);
      await this.#rebuilds.completeInterrupted(model, requests[name]);
      const livePosition = await model.livePosition();
      if (livePosition !== undefined) observer.moved(name, livePosition);
    }
    this.#head = await untilAborted(store.head(), this.#signal);
    for (const model of this.#models.values()) this.#publishStatus(model);
  }

  #writers(): ModelWriter[] {
    return [...this.#models.values()].flatMap((model) => model.writers);
  }

  /** The last known position of the log. */
  #lastKnownPosition(): LogPosition {
    return latestOf([this.#head, ...this.#writers().map(({ position }) => position)]);
  }

  #follow(wanted: readonly ModelWriter[]): void {
    // Another generation may have replaced some of them in the meantime.
    const present = new Set(this.#writers());
    const writers = wanted.filter((writer) => present.has(writer));
    if (writers.length === 0 || this.#signal.aborted) return;
    const { store, prefixes, tuning } = this.#options;
    const follower = new Follower(writers, {
      store,
      prefixes,
      bounds: tuning.batch,
      floor: this.#lastKnownPosition(),
      signal: this.#signal,
      moved: (writer) => this.#moved(writer),
      poisoned: (writer, poison) => this.#stopped([writer], poison),
      between: (_, batch) => this.#between(follower, batch),
    });
    this.#followers.add(follower);
    this.#shared ??= follower;
    this.#runInBackground(
      follower
        .run()
        .catch((error: unknown) => this.#failed(follower, error))
        .finally(() => {
          this.#followers.delete(follower);
          if (this.#shared === follower) this.#shared = undefined;
        }),
    );
  }

  #moved(writer: ModelWriter): void {
    const { name, position } = writer;
    if (position !== undefined && this.#models.get(name)?.live === writer)
      this.#options.observer.moved(name, position);
  }

  #publishStatus(model: ReadModel): void {
    this.#board.set(model.describe(this.#lastKnownPosition()));
  }

  async #between(follower: Follower, batch: Batch): Promise<void> {
    this.#shared ??= follower;
    if (follower === this.#shared) {
      for (const type of batch.unknownTypes) this.#options.observer.unknownEvent(type);
      this.#options.observer.applied(batch.events.length, follower.models.size);
    } else {
      for (const writer of follower.models) if (this.#shared.admit(writer)) this.#joined(writer, follower);
    }
    for (const writer of follower.models) {
      this.#recordProgress(writer, follower);
      const model = this.#models.get(writer.name);
      if (model?.rebuild?.writer === writer) await this.#rebuilds.finish(model, follower);
    }
  }

  #joined(writer: ModelWriter, before: Follower): void {
    before.models.delete(writer);
    this.#moved(writer);
    this.#recordProgress(writer, this.#shared ?? before);
    const model = this.#models.get(writer.name);
    if (model !== undefined) this.#rebuilds.finishSoon(model);
  }

  /** A stopped read model counts as running again once it is past the event that stopped it. */
  #recordProgress(writer: ModelWriter, { isCaughtUp }: Follower): void {
    const failed = this.#failures.get(writer);
    if (failed !== undefined && comparePositions(writer.position, failed.at) <= 0) return;
    this.#failures.delete(writer);
    const model = this.#models.get(writer.name);
    if (model?.live === writer) model.status = { status: isCaughtUp ? 'live' : 'catching-up' };
    if (model?.rebuild?.writer === writer) model.rebuild.error = undefined;
    else if (model !== undefined) this.#publishStatus(model);
  }

  #stopped(writers: readonly ModelWriter[], poison: Poison): void {
    if (writers.length === 0) return;
    let times = 0;
    for (const writer of writers) {
      times = Math.max(times, this.#failures.get(writer)?.times ?? 0);
      this.#failures.set(writer, { times: times + 1, at: writer.position });
      this.#publishStopped(writer, poison);
    }
    this.#runInBackground(
      pause(backoffMs(times, this.#options.tuning.retry), this.#signal).then(() => this.#follow(writers)),
    );
  }

  #publishStopped(writer: ModelWriter, { stream, revision, reason }: Poison): void {
    const model = this.#models.get(writer.name);
    if (model === undefined) return;
    const error = { stream, revision: revision.toString(), reason };
    const { generation } = writer.generation;
    this.#options.writing.logger.error('read model stopped at an event that it cannot handle', {
      model: model.name,
      generation,
      ...error,
    });
    if (model.rebuild?.writer === writer)
      this.#runInBackground(this.#rebuilds.stopped(model, model.rebuild, error));
    else {
      model.status = { status: 'stopped', error };
      this.#publishStatus(model);
      // A finished rebuild may have waited for the live generation.
      this.#rebuilds.finishSoon(model);
    }
  }

  #failed(follower: Follower, error: unknown): void {
    if (error instanceof UnreadableEvent) this.#unreadable(follower, error);
    else this.#giveUp(error);
  }

  #giveUp(error: unknown): void {
    if (!(error instanceof WritingEnded)) this.#error = error;
    this.#ended.abort();
  }

  /** Read models that do not use the type of an unreadable event continue after it. */
  #unreadable(follower: Follower, error: UnreadableEvent): void {
    const { position, type, stream, revision } = error.place;
    const usesType = ({ projection }: ModelWriter) =>
      position === undefined || (projection.eventTypes?.includes(type) ?? true);
    const models = [...follower.models];
    const others = models.filter((model) => !usesType(model));
    for (const model of others) model.advance(position);
    if (this.#shared === follower) this.#shared = undefined;
    this.#followers.delete(follower);
    this.#follow(others);
    this.#stopped(models.filter(usesType), { stream, revision, reason: `${error.name}: ${error.message}` });
  }

  async #runPeriodicWork(): Promise<void> {
    const { writing } = this.#options;
    for (;;) {
      await pause(PERIOD_MS, this.#signal);
      try {
        for (const writer of this.#writers()) await writer.saveCheckpoint();
        if (!this.#signal.aborted)
          this.#follow(await this.#rebuilds.startRequested([...this.#models.values()]));
        for (const model of this.#models.values())
          if (model.rebuild !== undefined) this.#publishStatus(model);
        await this.#board.write();
      } catch (error) {
        if (!(error instanceof WritingEnded))
          writing.logger.warn('checkpoints not stored', { error: String(error) });
      }
      if (this.#signal.aborted) return;
    }
  }

  #runInBackground(task: Promise<void>): void {
    const tracked = task
      .catch((error: unknown) => this.#giveUp(error))
      .finally(() => this.#tasks.delete(tracked));
    this.#tasks.add(tracked);
  }
}

/** Groups the writers by position, the furthest first: the others join that group later. */
function groupByPosition(writers: readonly ModelWriter[]): ModelWriter[][] {
  const groups: ModelWriter[][] = [];
  for (const writer of [...writers].sort((a, b) => comparePositions(b.position, a.position))) {
    const last = groups.at(-1);
    const position = last?.[0]?.position;
    if (last !== undefined && comparePositions(position, writer.position) === 0) last.push(writer);
    else groups.push([writer]);
  }
  return groups;
}

const latestOf = (positions: readonly LogPosition[]): LogPosition => positions.reduce(latest, undefined);
