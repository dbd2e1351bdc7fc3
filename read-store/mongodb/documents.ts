import type { Collection } from 'mongodb';
import { checkQuery } from '../check-query.ts';
import { decodeEvents } from '../checkpoint-events.ts';
import type {
  CheckpointEvent,
  Documents,
  FoundJson,
  IndexDeclaration,
  ModelDeclaration,
  Position,
  Query,
  Stored,
} from '../read-store.ts';
import { buildIndexQuery } from './index-query.ts';
import { asBigint, asPosition, type ControlDocument, type StoredDocument } from './stored-document.ts';
import { translateErrors } from './translate-errors.ts';

/** Location of a generation: its collection, and the document with its checkpoint. */
export interface GenerationPlace {
  readonly generation: number;
  readonly documents: Collection<StoredDocument>;
  readonly control: Collection<ControlDocument>;
  readonly checkpointId: string;
}

/** Reads one generation. */
export class MongoDocuments<Body> implements Documents<Body> {
  readonly generation: number;
  protected readonly declaration: ModelDeclaration;
  protected readonly place: GenerationPlace;
  readonly #built: readonly IndexDeclaration[] | undefined;

  /** `built`: the indexes of the generation, which may differ from the declared ones. */
  constructor(declaration: ModelDeclaration, place: GenerationPlace, built?: readonly IndexDeclaration[]) {
    this.declaration = declaration;
    this.generation = place.generation;
    this.place = place;
    this.#built = built;
  }

  async get(id: string): Promise<Stored<Body> | undefined> {
    const found = await translateErrors(() => this.place.documents.findOne({ _id: id }));
    return found === null ? undefined : stored(found);
  }

  async load(ids: readonly string[]): Promise<Map<string, Stored<Body>>> {
    if (ids.length === 0) return new Map();
    const found = await translateErrors(() =>
      this.place.documents.find({ _id: { $in: [...ids] } }).toArray(),
    );
    return new Map(found.map((document) => [document._id, stored<Body>(document)]));
  }

  async find(query: Query): Promise<Stored<Body>[]> {
    const { filter, sort, hint } = buildIndexQuery(checkQuery(this.declaration, query, this.#built), query);
    const found = await translateErrors(() =>
      this.place.documents.find(filter, { hint }).sort(sort).limit(query.limit).toArray(),
    );
    return found.map((document) => stored(document));
  }

  async findJson(query: Query): Promise<FoundJson> {
    const found = await this.find(query);
    return {
      count: found.length,
      json: Buffer.from(found.map(({ body }) => JSON.stringify(body)).join(',')),
    };
  }

  async page(after: string | undefined, limit: number): Promise<Stored<Body>[]> {
    const filter = after === undefined ? {} : { _id: { $gt: after } };
    const found = await translateErrors(() =>
      this.place.documents.find(filter).sort({ _id: 1 }).limit(limit).toArray(),
    );
    return found.map((document) => stored(document));
  }

  async checkpoint(): Promise<Position | undefined> {
    const found = await translateErrors(() => this.place.control.findOne({ _id: this.place.checkpointId }));
    return found === null ? undefined : asPosition(found);
  }

  async checkpointEvents(): Promise<readonly CheckpointEvent[]> {
    const found = await translateErrors(() => this.place.control.findOne({ _id: this.place.checkpointId }));
    return typeof found?.events === 'string' ? decodeEvents(found.events) : [];
  }
}

const stored = <Body>({ _id, position, body }: StoredDocument): Stored<Body> => ({
  id: _id,
  position: asBigint(position),
  body: body as Body,
});
