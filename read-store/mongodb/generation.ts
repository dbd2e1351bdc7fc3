import type { AnyBulkWriteOperation } from 'mongodb';
import { encodeEvents } from '../checkpoint-events.ts';
import type { CheckpointEvent, Generation, ModelDeclaration, Position, Stored } from '../read-store.ts';
import { type GenerationPlace, MongoDocuments } from './documents.ts';
import type { ServerLimits } from './server-limits.ts';
import { asLong, type StoredDocument } from './stored-document.ts';
import { ignoreDuplicateId, ignoreDuplicateIds } from './translate-errors.ts';

type Write = AnyBulkWriteOperation<StoredDocument>;

/** Writes one generation: documents, each only over an older one, then the checkpoint. It needs no transaction. */
export class MongoGeneration<Body> extends MongoDocuments<Body> implements Generation<Body> {
  readonly #limits: ServerLimits;
  /** Ids that `load` did not find since the last commit: probably these documents are new. */
  readonly #missing = new Set<string>();

  constructor(declaration: ModelDeclaration, place: GenerationPlace, limits: ServerLimits) {
    super(declaration, place);
    this.#limits = limits;
  }

  override async load(ids: readonly string[]): Promise<Map<string, Stored<Body>>> {
    const found = await super.load(ids);
    for (const id of ids) if (!found.has(id)) this.#missing.add(id);
    return found;
  }

  async commit(
    documents: readonly Stored<Body>[],
    { commit, prepare }: Position,
    events: readonly CheckpointEvent[] = [],
  ): Promise<void> {
    if (this.declaration.growsOnly === true) await this.#insert(documents);
    else await this.#write(documents);
    const { control, checkpointId } = this.place;
    const checkpoint = {
      commit: asLong(commit),
      prepare: asLong(prepare),
      ...(events.length > 0 && { events: encodeEvents(events) }),
    };
    const advance = () =>
      control.updateOne(
        { _id: checkpointId, commit: { $lt: checkpoint.commit } },
        { $set: checkpoint },
        { upsert: true },
      );
    // A duplicate id means that the stored checkpoint is later, or that another process has just inserted the first one,
    // which may be earlier: the second attempt updates that one.
    if ((await ignoreDuplicateId(advance)) === undefined) await ignoreDuplicateId(advance);
  }

  /** Inserts new documents, which is cheaper than an upsert, and replaces those that exist after all. */
  async #write(documents: readonly Stored<Body>[]): Promise<void> {
    const existing = await this.#insert(documents.filter(({ id }) => this.#missing.has(id)));
    const changed = documents.filter(({ id }) => !this.#missing.has(id));
    await this.#replace([...changed, ...existing]);
    this.#missing.clear();
  }

  /** Inserts documents. Returns those that exist already, which stay unchanged. */
  async #insert(documents: readonly Stored<Body>[]): Promise<readonly Stored<Body>[]> {
    const rejected = new Set(await this.#bulk(documents.map(insertOf)));
    return documents.filter((_, place) => rejected.has(place));
  }

  async #replace(documents: readonly Stored<Body>[]): Promise<void> {
    const { maxUpdates } = this.#limits;
    for (let from = 0; from < documents.length; from += maxUpdates)
      await this.#bulk(documents.slice(from, from + maxUpdates).map(writeOf));
  }

  async #bulk(writes: Write[]): Promise<readonly number[]> {
    if (writes.length === 0) return [];
    return ignoreDuplicateIds(() => this.place.documents.bulkWrite(writes, { ordered: false }));
  }
}

const writeOf = ({ id, position, body }: Stored<unknown>): Write => ({
  replaceOne: {
    filter: { _id: id, position: { $lt: asLong(position) } },
    replacement: { position: asLong(position), body },
    upsert: true,
  },
});

const insertOf = ({ id, position, body }: Stored<unknown>): Write => ({
  insertOne: { document: { _id: id, position: asLong(position), body } },
});
