import type { AnyBulkWriteOperation } from 'mongodb';
import { encodeEvents } from '../checkpoint-events.ts';
import type { CheckpointEvent, Generation, ModelDeclaration, Position, Stored } from '../read-store.ts';
import { type GenerationPlace, MongoDocuments } from './documents.ts';
import type { Server } from './server-limits.ts';
import { asLong, type StoredDocument } from './stored-document.ts';
import { fenced, fencedBulk } from './translate-errors.ts';

type Write = AnyBulkWriteOperation<StoredDocument>;

/** Writing one generation: documents, each behind its own fence, then the checkpoint; no transaction is needed. */
export class MongoGeneration<Body> extends MongoDocuments<Body> implements Generation<Body> {
  readonly model: string;
  readonly #server: Server;
  /** Looked for since the last commit and not there: most likely still not there when they are written. */
  readonly #missing = new Set<string>();

  constructor(declaration: ModelDeclaration, place: GenerationPlace, server: Server) {
    super(declaration, place);
    this.model = declaration.name;
    this.#server = server;
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
    await fenced(() =>
      this.place.control.updateOne(
        { _id: this.place.checkpointId, commit: { $lt: asLong(commit) } },
        {
          $set: {
            commit: asLong(commit),
            prepare: asLong(prepare),
            ...(events.length > 0 && { events: encodeEvents(events) }),
          },
        },
        { upsert: true },
      ),
    );
  }

  /** What is new is inserted, which is cheaper for a server than an upsert; should it be there, its fence decides. */
  async #write(documents: readonly Stored<Body>[]): Promise<void> {
    const there = await this.#insert(documents.filter(({ id }) => this.#missing.has(id)));
    const changed = documents.filter(({ id }) => !this.#missing.has(id));
    await this.#replace([...changed, ...there]);
    this.#missing.clear();
  }

  /** Answers those that are there already, which are left alone. */
  async #insert(documents: readonly Stored<Body>[]): Promise<readonly Stored<Body>[]> {
    const refused = new Set(await this.#bulk(documents.map(insertOf)));
    return documents.filter((_, place) => refused.has(place));
  }

  async #replace(documents: readonly Stored<Body>[]): Promise<void> {
    const { updates } = this.#server;
    for (let from = 0; from < documents.length; from += updates)
      await this.#bulk(documents.slice(from, from + updates).map(writeOf));
  }

  async #bulk(writes: Write[]): Promise<readonly number[]> {
    if (writes.length === 0) return [];
    return fencedBulk(() => this.place.documents.bulkWrite(writes, { ordered: false }));
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
