import { randomUUID } from 'node:crypto';
import type { Collection, Db, MongoClient } from 'mongodb';
import { redactSecretsOf, redactUrl } from '../../platform/config/redact-url.ts';
import { emptyDocuments } from '../empty-documents.ts';
import { ReadStoreReplaced, ReadStoreUnavailable, ReadStoreUnusable } from '../errors.ts';
import { type BuiltGeneration, type Generations, generationsNote } from '../generations.ts';
import type {
  Documents,
  Generation,
  Lease,
  ModelDeclaration,
  ModelStatus,
  Note,
  ReadStore,
} from '../read-store.ts';
import { createClient, databaseOf } from './client.ts';
import { type GenerationPlace, MongoDocuments } from './documents.ts';
import { MongoGeneration } from './generation.ts';
import { watchHeartbeats } from './heartbeats.ts';
import { ensureIndexes } from './indexes.ts';
import { detectLimits, type ServerLimits } from './server-limits.ts';
import type { ControlDocument } from './stored-document.ts';
import { ignoreDuplicateId, translateErrors, wasWritten } from './translate-errors.ts';

/** Version of the layout of the database. A database with another layout is not used. */
const LAYOUT = 2;
const IDENTITY = 'identity';
/** Document with a random id per database: it reveals a database that was dropped and recreated. */
const INSTANCE = 'instance';

const leaseId = (name: string): string => `lease:${name}`;
const noteId = (name: string): string => `note:${name}`;
const STATUS = 'status:';

/**
 * The read store in a MongoDB database: a collection for each generation of each read model, and one for everything else. It
 * needs no transactions, collations or change streams: every write is a compare-and-swap of one document.
 */
export class MongoReadStore implements ReadStore {
  readonly #client: MongoClient;
  readonly #stopWatch: () => void;
  readonly #db: Db;
  readonly #control: Collection<ControlDocument>;
  readonly #limits: ServerLimits;
  #instance: unknown;
  readonly #warn: (message: string) => void;

  private constructor(
    client: MongoClient,
    db: Db,
    limits: ServerLimits,
    stopWatch: () => void,
    warn: (message: string) => void,
  ) {
    this.#client = client;
    this.#stopWatch = stopWatch;
    this.#db = db;
    this.#limits = limits;
    this.#control = this.#db.collection<ControlDocument>('control');
    this.#warn = warn;
  }

  /**
   * Opens the store; calls `warn` for problems that it corrects. Throws `ReadStoreUnusable`, or `ReadStoreUnavailable` when the
   * server does not respond. No message contains the URL's password.
   */
  static async open(url: string, warn: (message: string) => void): Promise<MongoReadStore> {
    const client = createClient(url);
    const stopWatch = watchHeartbeats(client, warn);
    const db = client.db(databaseOf(url));
    try {
      const store = new MongoReadStore(client, db, await detectLimits(db), stopWatch, warn);
      await store.#checkLayout();
      return store;
    } catch (error) {
      stopWatch();
      await client.close();
      if (!(error instanceof ReadStoreUnavailable)) throw error;
      const why = error.message.replace(/^MongoDB: /, '');
      throw new ReadStoreUnavailable(
        `no MongoDB responds at READ_STORE_URL, which is ${redactUrl(url)}: ${redactSecretsOf(url, why)}`,
        {
          cause: error,
        },
      );
    }
  }

  async generation<Body>(model: ModelDeclaration, number: number): Promise<Generation<Body>> {
    await ensureIndexes(this.#db, nameOf(model.name, number), model, this.#warn);
    return new MongoGeneration(model, this.#place(model.name, number), this.#limits);
  }

  async live<Body>(model: ModelDeclaration): Promise<Documents<Body>> {
    const live = await this.#live(model.name);
    if (live === undefined) return emptyDocuments(model);
    return new MongoDocuments(model, this.#place(model.name, live.number), live.indexes);
  }

  liveShared<Body>(model: ModelDeclaration): Promise<Documents<Body>> {
    return this.live(model);
  }

  async liveGeneration(model: string): Promise<number> {
    return (await this.#live(model))?.number ?? 0;
  }

  async storedGenerations(model: string): Promise<number[]> {
    const collections = await translateErrors(() =>
      this.#db.listCollections({}, { nameOnly: true }).toArray(),
    );
    const numbers = collections.map(({ name }) => /^(.+)-(\d+)$/.exec(name) ?? []);
    return numbers.filter(([, name]) => name === model).map(([, , number]) => Number(number));
  }

  async dropGeneration(model: string, number: number): Promise<void> {
    const { documents, checkpointId } = this.#place(model, number);
    await translateErrors(() => documents.drop());
    await translateErrors(() => this.#control.deleteOne({ _id: checkpointId }));
  }

  async note(name: string): Promise<Note | undefined> {
    const found = await translateErrors(() => this.#control.findOne({ _id: noteId(name) }));
    return found === null ? undefined : { revision: Number(found.revision), body: found.body };
  }

  async replaceNote(name: string, body: unknown, expected: number): Promise<boolean> {
    const note = { revision: expected + 1, body };
    const _id = noteId(name);
    return wasWritten(async () => {
      if (expected > 0)
        return (await this.#control.updateOne({ _id, revision: expected }, { $set: note })).matchedCount;
      await this.#control.insertOne({ _id, ...note });
      return 1;
    });
  }

  async claimIdentity(name: string): Promise<string> {
    await ignoreDuplicateId(() =>
      this.#control.updateOne({ _id: IDENTITY }, { $setOnInsert: { name } }, { upsert: true }),
    );
    const found = await translateErrors(() => this.#control.findOne({ _id: IDENTITY }));
    return String(found?.name);
  }

  async takeLease(name: string, { owner, url, beat }: Lease, silent?: Lease): Promise<Lease> {
    const free = [{ owner }, ...(silent ? [{ owner: silent.owner, expiresAt: silent.beat }] : [])];
    await ignoreDuplicateId(() =>
      this.#control.updateOne(
        { _id: leaseId(name), $or: free },
        { $set: { owner, url, expiresAt: beat } },
        { upsert: true },
      ),
    );
    // Return the stored lease: another projector may have taken ours since.
    return (await this.currentLease(name)) ?? { owner: '', url, beat };
  }

  async currentLease(name: string): Promise<Lease | undefined> {
    const found = await translateErrors(() => this.#control.findOne({ _id: leaseId(name) }));
    if (found === null) return undefined;
    return { owner: String(found.owner), url: String(found.url), beat: Number(found.expiresAt) };
  }

  async releaseLease(name: string, owner: string): Promise<void> {
    await translateErrors(() => this.#control.deleteOne({ _id: leaseId(name), owner }));
  }

  async writeStatus(status: ModelStatus): Promise<void> {
    await translateErrors(() =>
      this.#control.replaceOne({ _id: `${STATUS}${status.name}` }, { status }, { upsert: true }),
    );
  }

  async statuses(): Promise<ModelStatus[]> {
    const found = await translateErrors(() =>
      this.#control
        .find({ _id: { $gte: STATUS, $lt: `${STATUS.slice(0, -1)};` } })
        .sort({ _id: 1 })
        .toArray(),
    );
    return found.map(({ status }) => status as ModelStatus);
  }

  async ping(): Promise<void> {
    const found = await translateErrors(() => this.#control.findOne({ _id: INSTANCE }));
    if (found?.id !== this.#instance)
      throw new ReadStoreReplaced(`the database ${this.#db.databaseName} of the read store`);
  }

  async reopen(): Promise<void> {
    await this.#checkLayout();
  }

  async close(): Promise<void> {
    this.#stopWatch();
    await this.#client.close();
  }

  async #live(model: string): Promise<BuiltGeneration | undefined> {
    return ((await this.note(generationsNote(model)))?.body as Generations | undefined)?.live;
  }

  #place(model: string, number: number): GenerationPlace {
    const name = nameOf(model, number);
    return {
      generation: number,
      documents: this.#db.collection(name),
      control: this.#control,
      checkpointId: `checkpoint:${name}`,
    };
  }

  async #checkLayout(): Promise<void> {
    await ignoreDuplicateId(() =>
      this.#control.updateOne({ _id: 'layout' }, { $setOnInsert: { version: LAYOUT } }, { upsert: true }),
    );
    const found = await translateErrors(() => this.#control.findOne({ _id: 'layout' }));
    const version = Number(found?.version);
    if (version !== LAYOUT)
      throw new ReadStoreUnusable(
        `the database ${this.#db.databaseName} holds a read store of another version of orderstream (layout ${version}): ` +
          'start that version, or name another database in READ_STORE_URL to have the read models rebuilt',
      );
    await ignoreDuplicateId(() =>
      this.#control.updateOne({ _id: INSTANCE }, { $setOnInsert: { id: randomUUID() } }, { upsert: true }),
    );
    this.#instance = (await translateErrors(() => this.#control.findOne({ _id: INSTANCE })))?.id;
  }
}

const nameOf = (model: string, number: number): string => `${model}-${number}`;
