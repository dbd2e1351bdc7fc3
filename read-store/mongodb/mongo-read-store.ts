import { randomUUID } from 'node:crypto';
import type { Db, MongoClient } from 'mongodb';
import { redactSecretsOf, redactUrl } from '../../platform/config/redact-url.ts';
import { watchHeartbeats } from '../../platform/mongodb/heartbeats.ts';
import { emptyDocuments } from '../empty-documents.ts';
import { ReadStoreReplaced, ReadStoreUnavailable, ReadStoreUnusable } from '../errors.ts';
import { type BuiltGeneration, generationsKey, liveIn } from '../generations.ts';
import type { Documents, Generation, ModelDeclaration, ReadStore } from '../read-store.ts';
import { createClient, databaseOf } from './client.ts';
import { MongoControl } from './control.ts';
import { type GenerationPlace, MongoDocuments } from './documents.ts';
import { MongoGeneration } from './generation.ts';
import { ensureIndexes } from './indexes.ts';
import { detectLimits, type ServerLimits } from './server-limits.ts';
import { translateErrors } from './translate-errors.ts';

/** Version of the layout of the database. A database with another layout is not used. */
const LAYOUT = 2;
/** Document with a random id per database: it reveals a database that was dropped and recreated. */
const INSTANCE = 'instance';

interface Connection {
  readonly client: MongoClient;
  readonly db: Db;
  readonly limits: ServerLimits;
  readonly stopWatch: () => void;
  readonly warn: (message: string) => void;
}

/**
 * The read store in a MongoDB database: a collection for each generation of each read model, and one for everything else. It
 * needs no transactions, collations or change streams: every write is a compare-and-swap of one document.
 */
export class MongoReadStore extends MongoControl implements ReadStore {
  readonly #connection: Connection;
  #instance: unknown;

  private constructor(connection: Connection) {
    super(connection.db.collection('control'));
    this.#connection = connection;
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
      const store = new MongoReadStore({ client, db, limits: await detectLimits(db), stopWatch, warn });
      await store.#checkLayout();
      return store;
    } catch (error) {
      stopWatch();
      await client.close();
      if (!(error instanceof ReadStoreUnavailable)) throw error;
      const why = error.message.replace(/^MongoDB: /, '');
      throw new ReadStoreUnavailable(
        `no MongoDB responds at READ_STORE_URL, which is ${redactUrl(url)}: ${redactSecretsOf(url, why)}`,
        { cause: error },
      );
    }
  }

  async generation<Body>(model: ModelDeclaration, number: number): Promise<Generation<Body>> {
    const { db, limits, warn } = this.#connection;
    await ensureIndexes(db, nameOf(model.name, number), model, warn);
    return new MongoGeneration(model, this.#place(model.name, number), limits);
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
      this.#connection.db.listCollections({}, { nameOnly: true }).toArray(),
    );
    const numbers = collections.map(({ name }) => /^(.+)-(\d+)$/.exec(name) ?? []);
    return numbers.filter(([, name]) => name === model).map(([, , number]) => Number(number));
  }

  async dropGeneration(model: string, number: number): Promise<void> {
    const { documents, checkpointId } = this.#place(model, number);
    await translateErrors(() => documents.drop());
    await translateErrors(() => this.control.deleteOne({ _id: checkpointId }));
  }

  async ping(): Promise<void> {
    if ((await this.findControl(INSTANCE))?.id !== this.#instance)
      throw new ReadStoreReplaced(`the database ${this.#connection.db.databaseName} of the read store`);
  }

  async reopen(): Promise<void> {
    await this.#checkLayout();
  }

  async close(): Promise<void> {
    this.#connection.stopWatch();
    await this.#connection.client.close();
  }

  async #live(model: string): Promise<BuiltGeneration | undefined> {
    return liveIn(await this.metadata(generationsKey(model)));
  }

  #place(model: string, number: number): GenerationPlace {
    const name = nameOf(model, number);
    return {
      generation: number,
      documents: this.#connection.db.collection(name),
      control: this.control,
      checkpointId: `checkpoint:${name}`,
    };
  }

  async #checkLayout(): Promise<void> {
    const version = Number((await this.putIfAbsent('layout', { version: LAYOUT }))?.version);
    if (version !== LAYOUT)
      throw new ReadStoreUnusable(
        `the database ${this.#connection.db.databaseName} holds a read store of another version of orderstream (layout ${version}): ` +
          'start that version, or name another database in READ_STORE_URL to have the read models rebuilt',
      );
    this.#instance = (await this.putIfAbsent(INSTANCE, { id: randomUUID() }))?.id;
  }
}

const nameOf = (model: string, number: number): string => `${model}-${number}`;
