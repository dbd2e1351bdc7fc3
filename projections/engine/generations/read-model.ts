import type { ModelStatus, ReadStore } from '../../../read-store/read-store.ts';
import type { Projection } from '../../projection.ts';
import type { RebuildRequest } from '../../rebuild/rebuild-requests.ts';
import type { WritePermission } from '../lease/write-permission.ts';
import type { LogPosition } from '../positions.ts';
import { ModelWriter } from '../writing/model-writer.ts';
import { ModelGenerations } from './model-generations.ts';
import { RunningRebuild } from './running-rebuild.ts';

/** A read model while this projector writes it: the live generation, and the next one during a rebuild. */
export class ReadModel {
  readonly projection: Projection;
  readonly generations: ModelGenerations;
  /** Undefined while the live generation was built by another version of the code: it is not written any more. */
  live: ModelWriter | undefined;
  rebuild: RunningRebuild | undefined;
  /** Status of the live generation. */
  status: Pick<ModelStatus, 'status' | 'error'> = { status: 'catching-up' };
  readonly #readStore: ReadStore;
  readonly #writing: WritePermission;

  private constructor(
    projection: Projection,
    generations: ModelGenerations,
    readStore: ReadStore,
    writing: WritePermission,
  ) {
    this.projection = projection;
    this.generations = generations;
    this.#readStore = readStore;
    this.#writing = writing;
  }

  /**
   * Opens the live generation, or creates the first one. Resumes an interrupted rebuild, with its request if that is still
   * open. Starts a rebuild if the version has changed.
   */
  static async open(
    projection: Projection,
    readStore: ReadStore,
    writing: WritePermission,
    request: RebuildRequest | undefined,
  ): Promise<ReadModel> {
    const generations = await ModelGenerations.claim(readStore, projection.name, writing);
    const model = new ReadModel(projection, generations, readStore, writing);
    const live = generations.live ?? (await generations.createFirst(projection));
    if (live.version === projection.version) {
      model.live = await model.#writer(live.number);
      await generations.recordIndexes(projection);
    }
    await model.#resume(request);
    await model.#dropUnknown();
    return model;
  }

  get name(): string {
    return this.projection.name;
  }

  get writers(): ModelWriter[] {
    return [this.live, this.rebuild?.writer].filter((writer) => writer !== undefined);
  }

  /** Returns the position up to which the live generation contains all events. */
  async livePosition(): Promise<LogPosition> {
    return this.live === undefined
      ? await (await this.#readStore.live(this.projection)).checkpoint()
      : this.live.position;
  }

  describe(head: LogPosition): ModelStatus {
    const { name, rebuild } = this;
    const generation = this.generations.live?.number ?? 0;
    if (rebuild === undefined) return { name, generation, ...this.status };
    const error = rebuild.error ?? this.status.error;
    const progress = rebuild.progress(head);
    return { name, generation, status: 'rebuilding', ...(error && { error }), rebuild: progress };
  }

  /** Starts to build the next generation beside the live one, from the first event. */
  async startRebuild(dryRun: boolean, request?: string): Promise<RunningRebuild> {
    const number = await this.generations.createNext(this.projection, dryRun);
    this.rebuild = new RunningRebuild(await this.#writer(number), dryRun, request);
    return this.rebuild;
  }

  /**
   * Makes the next generation live. Returns the previous one: drop it when no request reads it any more. Call this only
   * while neither is being written, and when the next one has reached the position of the live one.
   */
  async switchOver({ writer }: RunningRebuild): Promise<number | undefined> {
    // The stored checkpoint must be right from the moment the generation is live.
    await writer.saveCheckpoint();
    const before = await this.generations.switchOver(this.projection);
    this.live = writer;
    this.rebuild = undefined;
    this.status = { status: 'live' };
    return before;
  }

  /** Drops the next generation. Call this only while it is not being written. */
  async abandonRebuild(): Promise<void> {
    const number = await this.generations.abandonNext();
    this.rebuild = undefined;
    if (number !== undefined) await this.drop(number);
  }

  /** Drops a retired generation. */
  async drop(number: number): Promise<void> {
    await this.#readStore.dropGeneration(this.name, number);
    await this.generations.forget(number);
  }

  async #resume(request: RebuildRequest | undefined): Promise<void> {
    const { projection, generations, live } = this;
    const { next } = generations;
    const openRequest =
      request?.outcome === undefined && request?.taken === next?.number ? request : undefined;
    const isWanted =
      next?.version === projection.version &&
      (next.dryRun ? live !== undefined && openRequest !== undefined : true);
    if (next !== undefined && isWanted)
      this.rebuild = new RunningRebuild(await this.#writer(next.number), next.dryRun, openRequest?.id);
    else if (next !== undefined) await this.abandonRebuild();
    if (live === undefined && this.rebuild === undefined) await this.startRebuild(false);
  }

  /** Drops unknown generations: a suspended writer may have recreated a part of a dropped one. */
  async #dropUnknown(): Promise<void> {
    for (const number of await this.#readStore.storedGenerations(this.name))
      if (!this.generations.isKnown(number)) await this.#readStore.dropGeneration(this.name, number);
  }

  async #writer(number: number): Promise<ModelWriter> {
    const generation = await this.#readStore.generation<unknown>(this.projection, number);
    const [checkpoint, lastEvents] = await Promise.all([
      generation.checkpoint(),
      generation.checkpointEvents(),
    ]);
    return new ModelWriter(this.projection, generation, checkpoint, lastEvents, this.#writing);
  }
}
