import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ReadStoreUnusable } from '../errors.ts';
import { noDocuments } from '../no-documents.ts';
import type {
  Documents,
  Generation,
  Lease,
  ModelDeclaration,
  ModelStatus,
  ReadStore,
} from '../read-store.ts';
import { Control } from './control.ts';
import { Database } from './database.ts';
import { SqliteDocuments } from './documents.ts';
import { SqliteGeneration } from './generation.ts';
import { CONTROL_SCHEMA, GENERATION_SCHEMA } from './schema.ts';

/**
 * The read store in a folder: `control.db`, and a file for each generation of each model. One process writes and others
 * read, each with connections of its own. Work is done before a promise is answered: SQLite is a library, not a server.
 */
export class SqliteReadStore implements ReadStore {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #files = new Map<string, Database>();
  readonly #control: Control;

  /** Makes the folder when it is not there. Throws `ReadStoreUnusable` when it cannot be used. */
  constructor(folder: string, now: () => number = Date.now) {
    this.#folder = folder;
    this.#now = now;
    makeFolder(folder);
    this.#control = new Control(this.#open('control.db', CONTROL_SCHEMA));
  }

  async generation<Body>(model: ModelDeclaration, number: number): Promise<Generation<Body>> {
    return new SqliteGeneration(model, number, this.#openGeneration(model.name, number));
  }

  async live<Body>(model: ModelDeclaration): Promise<Documents<Body>> {
    const number = this.#control.liveGeneration(model.name);
    if (number === 0 || !existsSync(join(this.#folder, fileOf(model.name, number))))
      return noDocuments(model);
    return new SqliteDocuments(model, this.#openGeneration(model.name, number));
  }

  async liveGeneration(model: string): Promise<number> {
    return this.#control.liveGeneration(model);
  }

  async makeLive(model: string, number: number): Promise<void> {
    this.#control.makeLive(model, number);
  }

  async takeIdentity(name: string): Promise<string> {
    return this.#control.takeIdentity(name);
  }

  async lease(name: string, wanted: { owner: string; url: string; ttlMs: number }): Promise<Lease> {
    const { owner, url, ttlMs } = wanted;
    const now = this.#now();
    return this.#control.takeLease(name, { owner, url, expiresAt: now + ttlMs }, now);
  }

  async currentLease(name: string): Promise<Lease | undefined> {
    return this.#control.currentLease(name);
  }

  async releaseLease(name: string, owner: string): Promise<void> {
    this.#control.releaseLease(name, owner);
  }

  async writeStatus(status: ModelStatus): Promise<void> {
    this.#control.writeStatus(status);
  }

  async statuses(): Promise<ModelStatus[]> {
    return this.#control.statuses();
  }

  async ping(): Promise<void> {
    this.#control.ping();
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }

  #openGeneration(model: string, number: number): Database {
    return this.#open(fileOf(model, number), GENERATION_SCHEMA);
  }

  #open(name: string, schema: string): Database {
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    const file = new Database(join(this.#folder, name), schema);
    this.#files.set(name, file);
    return file;
  }
}

const fileOf = (model: string, number: number): string => `${model}-${number}.db`;

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new ReadStoreUnusable(
      `the read store's folder ${folder} cannot be made or written: check READ_STORE_URL, and the folder's owner and mode`,
      { cause },
    );
  }
}
