import { pause } from '../../../platform/async/backoff.ts';
import type { ReadStore } from '../../../read-store/read-store.ts';
import { GenerationComparison } from '../../rebuild/compare-generations.ts';
import type { RebuildOutcome } from '../../rebuild/rebuild-outcome.ts';
import { type RebuildRequest, RebuildRequests } from '../../rebuild/rebuild-requests.ts';
import { retryWhileUnavailable, type WritePermission } from '../lease/write-permission.ts';
import { isAfter } from '../positions.ts';
import type { Follower } from '../subscription/follower.ts';
import type { ModelWriter } from '../writing/model-writer.ts';
import type { ReadModel } from './read-model.ts';
import type { RunningRebuild } from './running-rebuild.ts';

export interface RebuildCoordinatorOptions {
  readonly readStore: ReadStore;
  readonly writing: WritePermission;
  /** Milliseconds until a replaced generation is dropped. */
  readonly dropAfterMs: number;
  readonly signal: AbortSignal;
  readonly followerOf: (writer: ModelWriter) => Follower | undefined;
  /** Runs a task in the background; an error ends the session. */
  readonly runInBackground: (task: Promise<void>) => void;
  readonly publishStatus: (model: ReadModel) => void;
  /** Called when another generation has become live. */
  readonly switched: (model: ReadModel) => void;
}

/** Starts requested rebuilds and ends them: it makes the new generation live, or reports the result of a dry run. */
export class RebuildCoordinator {
  readonly #options: RebuildCoordinatorOptions;
  readonly #requests: RebuildRequests;
  /** Ids of requests that ended here: requests that were read shortly before may still show them as open. */
  readonly #ended = new Set<string>();

  constructor(options: RebuildCoordinatorOptions) {
    this.#options = options;
    this.#requests = new RebuildRequests(options.readStore);
  }

  requests(): Promise<Readonly<Record<string, RebuildRequest>>> {
    return this.#requests.all();
  }

  /** Completes what an interrupted projector left open: the request of a finished rebuild, and retired generations. */
  async completeInterrupted(model: ReadModel, request: RebuildRequest | undefined): Promise<void> {
    const generation = model.generations.live?.number;
    if (generation !== undefined && request?.taken === generation)
      await this.#end(model, request.id, { kind: 'switched', generation });
    for (const number of model.generations.retired) this.#dropLater(model, number);
  }

  /** Starts the requested rebuilds; returns the writers of their generations. */
  async startRequested(models: readonly ReadModel[]): Promise<ModelWriter[]> {
    const requests = await this.#requests.all();
    const begun: ModelWriter[] = [];
    for (const model of models) {
      const request = requests[model.name];
      if (request === undefined || request.outcome !== undefined || this.#ended.has(request.id)) continue;
      if (model.rebuild === undefined) begun.push(await this.#start(model, request));
      else if (model.rebuild.request !== request.id) await this.#attachRequest(model, model.rebuild, request);
    }
    return begun;
  }

  /** Reports that a rebuild stopped at an event. The rebuild is retried; a dry run ends. */
  async stopped(
    model: ReadModel,
    rebuild: RunningRebuild,
    error: NonNullable<RunningRebuild['error']>,
  ): Promise<void> {
    rebuild.error = error;
    this.#options.publishStatus(model);
    await this.#endRequestOf(model, rebuild, { kind: 'stopped', error });
    if (rebuild.dryRun) await model.abandonRebuild();
    this.#options.publishStatus(model);
  }

  /** Calls `finish` as soon as the follower of the rebuild is between two batches. */
  finishSoon(model: ReadModel): void {
    const { followerOf, runInBackground } = this.#options;
    const follower = model.rebuild === undefined ? undefined : followerOf(model.rebuild.writer);
    if (follower !== undefined) runInBackground(follower.exclusively(() => this.finish(model, follower)));
  }

  /**
   * Makes the next generation live if it has caught up. Call this only while the follower writes nothing: the live generation
   * is then not written either, since the same follower feeds it, or none.
   */
  async finish(model: ReadModel, follower: Follower): Promise<void> {
    const { rebuild, live } = model;
    if (rebuild === undefined || rebuild.phase !== 'building') return;
    if (!follower.writers.has(rebuild.writer) || !follower.isCaughtUp) return;
    const isLiveElsewhere = live !== undefined && !follower.writers.has(live);
    if (isLiveElsewhere && this.#options.followerOf(live) !== undefined) return;
    if (isAfter(live?.position, rebuild.writer.position)) return;
    if (rebuild.dryRun) this.#options.runInBackground(this.#compare(model, rebuild));
    else await this.#switch(model, rebuild, follower);
  }

  async #start(model: ReadModel, { id, dryRun }: RebuildRequest): Promise<ModelWriter> {
    const { writer } = await model.startRebuild(dryRun, id);
    const { generation } = writer.generation;
    this.#options.writing.logger.info('rebuild started', { model: model.name, generation, dryRun });
    await this.#requests.recordStart(model.name, id, generation);
    return writer;
  }

  /** Attaches a request to the running rebuild: a read model is not rebuilt twice at the same time. */
  async #attachRequest(model: ReadModel, rebuild: RunningRebuild, request: RebuildRequest): Promise<void> {
    if (rebuild.dryRun) return this.#abandonDryRun(model, rebuild);
    if (request.dryRun) return this.#end(model, request.id, { kind: 'refused' });
    rebuild.request = request.id;
    await this.#requests.recordStart(model.name, request.id, rebuild.writer.generation.generation);
    if (rebuild.error !== undefined)
      await this.#endRequestOf(model, rebuild, { kind: 'stopped', error: rebuild.error });
  }

  /** Ends a dry run whose request was replaced. */
  #abandonDryRun(model: ReadModel, rebuild: RunningRebuild): void {
    const follower = this.#options.followerOf(rebuild.writer);
    if (follower === undefined) return;
    const end = async () => {
      // The dry run may have ended already.
      if (model.rebuild !== rebuild) return;
      follower.writers.delete(rebuild.writer);
      await model.abandonRebuild();
      this.#options.publishStatus(model);
    };
    this.#options.runInBackground(follower.exclusively(end));
  }

  async #switch(model: ReadModel, rebuild: RunningRebuild, follower: Follower): Promise<void> {
    const { live } = model;
    const { generation } = rebuild.writer.generation;
    const before = await model.switchOver(rebuild);
    if (live !== undefined) follower.writers.delete(live);
    const { name } = model;
    this.#options.writing.logger.info('rebuilt read model is live', { model: name, generation, before });
    this.#options.switched(model);
    if (before !== undefined) this.#dropLater(model, before);
    this.#options.runInBackground(this.#endRequestOf(model, rebuild, { kind: 'switched', generation }));
  }

  async #compare(model: ReadModel, rebuild: RunningRebuild): Promise<void> {
    const { followerOf, signal, writing, publishStatus } = this.#options;
    const { live } = model;
    if (live === undefined) return;
    rebuild.phase = 'comparing';
    publishStatus(model);
    const comparison = new GenerationComparison(live.generation, rebuild.writer.generation);
    for (;;) {
      const follower = followerOf(rebuild.writer);
      if (follower === undefined || signal.aborted) return;
      const isOver = await follower.exclusively(async () => {
        if (rebuild.error !== undefined || signal.aborted) return true;
        if (!comparison.isDone) {
          await retryWhileUnavailable(writing, () => comparison.step());
          return false;
        }
        await this.#endRequestOf(model, rebuild, { kind: 'compared', ...comparison.result });
        follower.writers.delete(rebuild.writer);
        await model.abandonRebuild();
        publishStatus(model);
        return true;
      });
      if (isOver) return;
    }
  }

  #dropLater(model: ReadModel, number: number): void {
    const { runInBackground, dropAfterMs, signal, writing } = this.#options;
    const drop = async () => {
      await pause(dropAfterMs, signal);
      if (signal.aborted) return;
      await retryWhileUnavailable(writing, () => model.drop(number));
      writing.logger.info('old generation dropped', { model: model.name, generation: number });
    };
    runInBackground(drop());
  }

  async #endRequestOf(model: ReadModel, rebuild: RunningRebuild, outcome: RebuildOutcome): Promise<void> {
    const { request } = rebuild;
    if (request === undefined) return;
    await this.#end(model, request, outcome);
    if (outcome.kind === 'stopped') rebuild.request = undefined;
  }

  async #end({ name }: ReadModel, id: string, outcome: RebuildOutcome): Promise<void> {
    this.#ended.add(id);
    await retryWhileUnavailable(this.#options.writing, () => this.#requests.end(name, id, outcome));
  }
}
