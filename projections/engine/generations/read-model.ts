import type { ModelStatus, ReadStore } from '../../../read-store/read-store.ts';
import type { Projection } from '../../projection.ts';
import type { RebuildRequest } from '../../rebuild/rebuild-requests.ts';
import type { WritePermission } from '../lease/write-permission.ts';
import type { LogPosition } from '../positions.ts';
import { ModelWriter } from '../writing/model-writer.ts';
import { ModelGenerations } from './model-generations.ts';
import { RunningRebuild } from './running-rebuild.ts';

/** One read model while this projector writes it: the generation that is read, and the next one beside it. */
export class ReadModel {
  readonly projection: Projection;
  readonly generations: ModelGenerations;
  /** Undefined while the generation that is read was built by code of another version: it stays as it is. */
  live: ModelWriter | undefined;
  rebuild: RunningRebuild | undefined;
  /** How the live generation is. */
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
   * Opens the live generation, making the first where there is none, and what there is of a next one: a rebuild that was
   * interrupted goes on, for the request that stands if it is for that. A version that has changed begins one.
   */
  static async open(
    projection: Projection,
    readStore: ReadStore,
    writing: WritePermission,
    request: RebuildRequest | undefined,
  ): Promise<ReadModel> {
    const generations = await ModelGenerations.claim(readStore, projection.name, writing);
    const model = new ReadModel(projection, generations, readStore, writing);
    const live = generations.live ?? (await generations.beginLive(projection));
    if (live.version === projection.version) {
      model.live = await model.#writer(live.number);
      await generations.indexed(projection);
    }
    await model.#resume(request);
    await model.#sweep();
    return model;
  }

  get name(): string {
    return this.projection.name;
  }

  get writers(): ModelWriter[] {
    return [this.live, this.rebuild?.writer].filter((writer) => writer !== undefined);
  }

  /** How far the generation that is read can be read; of one of another version only its checkpoint tells. */
  async readUpTo(): Promise<LogPosition> {
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

  /** Begins the next generation beside the live one, from the first event. */
  async begin(dryRun: boolean, request?: string): Promise<RunningRebuild> {
    const number = await this.generations.beginNext(this.projection, dryRun);
    this.rebuild = new RunningRebuild(await this.#writer(number), dryRun, request);
    return this.rebuild;
  }

  /**
   * The next generation becomes the one that is read; answers the one read so far, which is to be dropped when the last
   * request has read it. To be called when neither is being written and the next one is as far as the live one at least.
   */
  async switchOver({ writer }: RunningRebuild): Promise<number | undefined> {
    // What is told of the live generation must be true of the next one from the first moment on.
    await writer.saveCheckpoint();
    const before = await this.generations.switchOver(this.projection);
    this.live = writer;
    this.rebuild = undefined;
    this.status = { status: 'live' };
    return before;
  }

  /** The next generation is not to become live. To be called when it is not being written. */
  async abandon(): Promise<void> {
    const number = await this.generations.abandonNext();
    this.rebuild = undefined;
    if (number !== undefined) await this.drop(number);
  }

  /** Drops a generation that is read no more. */
  async drop(number: number): Promise<void> {
    await this.#readStore.dropGeneration(this.name, number);
    await this.generations.forget(number);
  }

  async #resume(request: RebuildRequest | undefined): Promise<void> {
    const { projection, generations, live } = this;
    const { next } = generations;
    const standing = request?.outcome === undefined && request?.taken === next?.number ? request : undefined;
    const isWanted =
      next?.version === projection.version &&
      (next.dryRun ? live !== undefined && standing !== undefined : true);
    if (next !== undefined && isWanted)
      this.rebuild = new RunningRebuild(await this.#writer(next.number), next.dryRun, standing?.id);
    else if (next !== undefined) await this.abandon();
    if (live === undefined && this.rebuild === undefined) await this.begin(false);
  }

  /** A writer that was paused may have brought back something of a generation that was dropped meanwhile. */
  async #sweep(): Promise<void> {
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
