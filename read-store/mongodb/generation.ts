import type { AnyBulkWriteOperation } from 'mongodb';
import type { Generation, ModelDeclaration, Position, Stored } from '../read-store.ts';
import { type GenerationPlace, MongoDocuments } from './documents.ts';
import { fenced, fencedBulk } from './faults.ts';
import { asLong, type StoredDocument } from './stored-document.ts';

/** Writing one generation: documents, each behind its own fence, then the checkpoint; no transaction is needed. */
export class MongoGeneration<Body> extends MongoDocuments<Body> implements Generation<Body> {
  readonly model: string;
  readonly number: number;

  constructor(declaration: ModelDeclaration, number: number, place: GenerationPlace) {
    super(declaration, place);
    this.model = declaration.name;
    this.number = number;
  }

  async commit(documents: readonly Stored<Body>[], { commit, prepare }: Position): Promise<void> {
    if (documents.length > 0)
      await this.#write(documents.map(this.declaration.growsOnly === true ? insertOf : writeOf));
    await fenced(() =>
      this.place.control.updateOne(
        { _id: this.place.checkpointId, commit: { $lt: asLong(commit) } },
        { $set: { commit: asLong(commit), prepare: asLong(prepare) } },
        { upsert: true },
      ),
    );
  }

  async #write(writes: readonly AnyBulkWriteOperation<StoredDocument>[]): Promise<void> {
    const { isComplete } = await fencedBulk(writes.length, () =>
      this.place.documents.bulkWrite([...writes], { ordered: false }),
    );
    if (isComplete) return;
    for (const write of writes) await fencedBulk(1, () => this.place.documents.bulkWrite([write]));
  }
}

const writeOf = ({ id, position, body }: Stored<unknown>): AnyBulkWriteOperation<StoredDocument> => ({
  replaceOne: {
    filter: { _id: id, position: { $lt: asLong(position) } },
    replacement: { position: asLong(position), body },
    upsert: true,
  },
});

const insertOf = ({ id, position, body }: Stored<unknown>): AnyBulkWriteOperation<StoredDocument> => ({
  insertOne: { document: { _id: id, position: asLong(position), body } },
});
