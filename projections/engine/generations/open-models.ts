import type { ReadStore } from '../../../read-store/read-store.ts';
import type { Projection } from '../../projection.ts';
import type { RebuildRequest } from '../../rebuild/rebuild-requests.ts';
import type { WritePermission } from '../lease/write-permission.ts';
import { type LogPosition, latest } from '../positions.ts';
import type { Observer } from '../status/observer.ts';
import { StatusWriter } from '../status/status-writer.ts';
import type { ModelWriter } from '../writing/model-writer.ts';
import { ReadModel } from './read-model.ts';

export interface OpenModelsOptions {
  readonly projections: readonly Projection[];
  readonly readStore: ReadStore;
  readonly observer: Observer;
  readonly writing: WritePermission;
}

/** The read models that a projector writes, with their published positions and statuses. */
export class OpenModels {
  /** Position of the log when the models were opened. */
  head: LogPosition;
  readonly statuses: StatusWriter;
  readonly #options: OpenModelsOptions;
  readonly #models = new Map<string, ReadModel>();

  constructor(options: OpenModelsOptions) {
    this.#options = options;
    this.statuses = new StatusWriter(options.readStore, options.writing, options.observer.status);
  }

  async open(requests: Readonly<Record<string, RebuildRequest>>): Promise<void> {
    const { projections, readStore, writing } = this.#options;
    const opened = await Promise.all(
      projections.map((each) => ReadModel.open(each, readStore, writing, requests[each.name])),
    );
    for (const model of opened) this.#models.set(model.name, model);
  }

  get all(): ReadModel[] {
    return [...this.#models.values()];
  }

  get writers(): ModelWriter[] {
    return this.all.flatMap((model) => model.writers);
  }

  /** Returns the read model of a writer, also of one that was replaced. */
  of(writer: ModelWriter): ReadModel | undefined {
    return this.#models.get(writer.name);
  }

  /** The last known position of the log. */
  get lastKnownPosition(): LogPosition {
    return this.writers.map(({ position }) => position).reduce(latest, this.head);
  }

  publishStatus(model: ReadModel): void {
    this.statuses.set(model.describe(this.lastKnownPosition));
  }

  /** Publishes the position of a writer of a live generation. */
  publishPosition(writer: ModelWriter): void {
    const { name, position } = writer;
    if (position !== undefined && this.of(writer)?.live === writer)
      this.#options.observer.moved(name, position);
  }
}
