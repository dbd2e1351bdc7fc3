import { pause } from '../../../platform/async/backoff.ts';
import type { ReadStore } from '../../../read-store/read-store.ts';
import { GenerationComparison } from '../../rebuild/compare-generations.ts';
import { type RebuildOutcome, type RebuildRequest, RebuildRequests } from '../../rebuild/rebuild-requests.ts';
import { retryWhileUnavailable, type WritePermission } from '../lease/write-permission.ts';
import { isAfter } from '../positions.ts';
import type { Follower } from '../subscription/follower.ts';
import type { ModelWriter } from '../writing/model-writer.ts';
import type { ReadModel } from './read-model.ts';
import type { RunningRebuild } from './running-rebuild.ts';

export interface RebuildCoordinatorOptions {
  readonly readStore: ReadStore;
  readonly writing: WritePermission;
  /** When a generation that is read no more is dropped. */
  readonly dropAfterMs: number;
  readonly signal: AbortSignal;
  readonly followerOf: (writer: ModelWriter) => Follower | undefined;
  /** Goes on by itself; an error ends the session. */
  readonly track: (task: Promise<void>) => void;
  readonly tell: (model: ReadModel) => void;
  /** Another generation is live now. */
  readonly switched: (model: ReadModel) => void;
}

/** Begins the rebuilds that are asked for, and ends them: by the switch, or with what a dry run found. */
export class RebuildCoordinator {
  readonly #options: RebuildCoordinatorOptions;
  readonly #requests: RebuildRequests;
  /** Ids of requests that have ended here, which a look at them a moment ago does not know. */
  readonly #ended = new Set<string>();

  constructor(options: RebuildCoordinatorOptions) {
    this.#options = options;
    this.#requests = new RebuildRequests(options.readStore);
  }

  requests(): Promise<Readonly<Record<string, RebuildRequest>>> {
    return this.#requests.all();
  }

  /** What a projector that was interrupted left to be done: a request that nobody has ended, generations to drop. */
  async settle(model: ReadModel, request: RebuildRequest | undefined): Promise<void> {
    const generation = model.generations.live?.number;
    if (generation !== undefined && request?.taken === generation)
      await this.#end(model, request.id, { kind: 'switched', generation });
    for (const number of model.generations.retired) this.#dropLater(model, number);
  }

  /** Looks what is asked for; answers the writers of the generations that are to be built for it. */
  async takeUp(models: readonly ReadModel[]): Promise<ModelWriter[]> {
    const requests = await this.#requests.all();
    const begun: ModelWriter[] = [];
    for (const model of models) {
      const request = requests[model.name];
      if (request === undefined || request.outcome !== undefined || this.#ended.has(request.id)) continue;
      if (model.rebuild === undefined) begun.push(await this.#begin(model, request));
      else if (model.rebuild.request !== request.id) await this.#join(model, model.rebuild, request);
    }
    return begun;
  }

  /** A rebuild has stopped at an event, and is tried again; a dry run is over. */
  async stopped(
    model: ReadModel,
    rebuild: RunningRebuild,
    error: NonNullable<RunningRebuild['error']>,
  ): Promise<void> {
    rebuild.error = error;
    this.#options.tell(model);
    await this.#endFor(model, rebuild, { kind: 'stopped', error });
    if (rebuild.dryRun) await model.abandon();
    this.#options.tell(model);
  }

  /** As `finish`, as soon as the follower of the model's rebuild is between two batches. */
  finishSoon(model: ReadModel): void {
    const { followerOf, track } = this.#options;
    const follower = model.rebuild === undefined ? undefined : followerOf(model.rebuild.writer);
    if (follower !== undefined) track(follower.exclusively(() => this.finish(model, follower)));
  }

  /**
   * Switches a model to its next generation if that has caught up. Only to be called while nothing is written by the
   * follower: nothing is written to the live generation either then, since it is followed for here, or not at all.
   */
  async finish(model: ReadModel, follower: Follower): Promise<void> {
    const { rebuild, live } = model;
    if (rebuild === undefined || rebuild.phase !== 'building') return;
    if (!follower.models.has(rebuild.writer) || !follower.isCaughtUp) return;
    const livesElsewhere = live !== undefined && !follower.models.has(live);
    if (livesElsewhere && this.#options.followerOf(live) !== undefined) return;
    if (isAfter(live?.position, rebuild.writer.position)) return;
    if (rebuild.dryRun) this.#options.track(this.#compare(model, rebuild));
    else await this.#switch(model, rebuild, follower);
  }

  async #begin(model: ReadModel, { id, dryRun }: RebuildRequest): Promise<ModelWriter> {
    const { writer } = await model.begin(dryRun, id);
    const { generation } = writer.generation;
    this.#options.writing.logger.info('rebuilding a read model', { model: model.name, generation, dryRun });
    await this.#requests.take(model.name, id, generation);
    return writer;
  }

  /** A model that is being rebuilt already is not rebuilt twice. */
  async #join(model: ReadModel, rebuild: RunningRebuild, request: RebuildRequest): Promise<void> {
    if (rebuild.dryRun) return this.#giveWay(model, rebuild);
    if (request.dryRun) return this.#end(model, request.id, { kind: 'refused' });
    rebuild.request = request.id;
    await this.#requests.take(model.name, request.id, rebuild.writer.generation.generation);
    if (rebuild.error !== undefined)
      await this.#endFor(model, rebuild, { kind: 'stopped', error: rebuild.error });
  }

  /** Ends a dry run that another request replaces: its result is no longer awaited. */
  #giveWay(model: ReadModel, rebuild: RunningRebuild): void {
    const follower = this.#options.followerOf(rebuild.writer);
    if (follower === undefined) return;
    const end = async () => {
      // It may have ended already.
      if (model.rebuild !== rebuild) return;
      follower.models.delete(rebuild.writer);
      await model.abandon();
      this.#options.tell(model);
    };
    this.#options.track(follower.exclusively(end));
  }

  async #switch(model: ReadModel, rebuild: RunningRebuild, follower: Follower): Promise<void> {
    const { live } = model;
    const { generation } = rebuild.writer.generation;
    const before = await model.switchOver(rebuild);
    if (live !== undefined) follower.models.delete(live);
    const { name } = model;
    this.#options.writing.logger.info('a rebuilt read model is live', { model: name, generation, before });
    this.#options.switched(model);
    if (before !== undefined) this.#dropLater(model, before);
    this.#options.track(this.#endFor(model, rebuild, { kind: 'switched', generation }));
  }

  async #compare(model: ReadModel, rebuild: RunningRebuild): Promise<void> {
    const { followerOf, signal, writing, tell } = this.#options;
    const { live } = model;
    if (live === undefined) return;
    rebuild.phase = 'comparing';
    tell(model);
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
        await this.#endFor(model, rebuild, { kind: 'compared', ...comparison.result });
        follower.models.delete(rebuild.writer);
        await model.abandon();
        tell(model);
        return true;
      });
      if (isOver) return;
    }
  }

  #dropLater(model: ReadModel, number: number): void {
    const { track, dropAfterMs, signal, writing } = this.#options;
    const drop = async () => {
      await pause(dropAfterMs, signal);
      if (signal.aborted) return;
      await retryWhileUnavailable(writing, () => model.drop(number));
      writing.logger.info('dropped a read model’s old generation', { model: model.name, generation: number });
    };
    track(drop());
  }

  async #endFor(model: ReadModel, rebuild: RunningRebuild, outcome: RebuildOutcome): Promise<void> {
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
