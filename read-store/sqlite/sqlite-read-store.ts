import { accessSync, constants, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../platform/files/make-folder.ts';
import { emptyDocuments } from '../empty-documents.ts';
import { ReadStoreReplaced, ReadStoreUnusable } from '../errors.ts';
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
import { CachedDocuments } from './cached-documents.ts';
import { Control } from './control.ts';
import { Database } from './database.ts';
import { SqliteDocuments } from './documents.ts';
import { SqliteGeneration } from './generation.ts';
import { RowCache } from './row-cache.ts';
import { CONTROL_SCHEMA, GENERATION_SCHEMA } from './schema.ts';

/** A file that is read no more is closed when the longest request that may still read it is over. */
const CLOSE_AFTER_MS = 60_000;

/**
 * The read store in a folder: `control.db`, and a file for each generation of each model. One process writes and others
 * read, each with connections of its own. Work is done before a promise is answered: SQLite is a library, not a server.
 */
export class SqliteReadStore implements ReadStore {
  readonly #folder: string;
  #files = new Map<string, Database>();
  /** The generation of each model that was live when it was last read. */
  readonly #lastRead = new Map<string, number>();
  #control: Control;
  /** Replaced files, kept open for requests that still read them. */
  #replaced: Database[] = [];
  readonly #cache = new RowCache();
  /** Of each model, as this turn of the event loop found it. */
  readonly #thisTurn = new Map<string, Documents<unknown>>();

  /** Makes the folder when it is not there. Throws `ReadStoreUnusable` when it cannot be used. */
  constructor(folder: string) {
    this.#folder = folder;
    prepareFolder(folder);
    this.#control = new Control(this.#open(CONTROL, CONTROL_SCHEMA));
  }

  async generation<Body>(model: ModelDeclaration, number: number): Promise<Generation<Body>> {
    return new SqliteGeneration(model, number, this.#openGeneration(model.name, number));
  }

  async live<Body>(model: ModelDeclaration): Promise<Documents<Body>> {
    const live = this.#liveFile(model.name);
    if (live === undefined) return emptyDocuments(model);
    return new SqliteDocuments(model, live.number, live.file, live.indexes);
  }

  async recent<Body>(model: ModelDeclaration): Promise<Documents<Body>> {
    const known = this.#thisTurn.get(model.name);
    if (known !== undefined) return known as Documents<Body>;
    if (this.#thisTurn.size === 0) setImmediate(() => this.#thisTurn.clear());
    const live = this.#liveFile(model.name);
    const documents =
      live === undefined
        ? emptyDocuments<Body>(model)
        : new CachedDocuments<Body>(model, live.number, live.file, live.indexes, this.#cache);
    this.#thisTurn.set(model.name, documents);
    return documents;
  }

  async liveGeneration(model: string): Promise<number> {
    return this.#live(model)?.number ?? 0;
  }

  async storedGenerations(model: string): Promise<number[]> {
    const numbers = readdirSync(this.#folder).map((file) => /^(.+)-(\d+)\.db$/.exec(file) ?? []);
    return numbers.filter(([, name]) => name === model).map(([, , number]) => Number(number));
  }

  async dropGeneration(model: string, number: number): Promise<void> {
    const file = fileOf(model, number);
    this.#close(file);
    for (const ending of ['', '-wal', '-shm']) rmSync(join(this.#folder, file + ending), { force: true });
  }

  async note(name: string): Promise<Note | undefined> {
    return this.#control.note(name);
  }

  async replaceNote(name: string, body: unknown, expected: number): Promise<boolean> {
    return this.#control.replaceNote(name, body, expected);
  }

  async takeIdentity(name: string): Promise<string> {
    return this.#control.takeIdentity(name);
  }

  async lease(name: string, wanted: Lease, silent?: Lease): Promise<Lease> {
    return this.#control.takeLease(name, wanted, silent);
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
    for (const [name, file] of this.#files)
      if (!file.isInPlace() && this.#isNeeded(name))
        throw new ReadStoreReplaced(`the read store's file ${file.file}`);
    this.#control.ping();
    // Reads succeed on a full disk.
    for (const file of this.#files.values()) file.checkRoom();
  }

  async reopen(): Promise<void> {
    prepareFolder(this.#folder);
    const before = this.#files;
    this.#files = new Map();
    try {
      this.#control = new Control(this.#open(CONTROL, CONTROL_SCHEMA));
    } catch (error) {
      this.#files = before;
      throw error;
    }
    this.#lastRead.clear();
    this.#thisTurn.clear();
    const files = [...before.values()];
    this.#replaced.push(...files);
    setTimeout(() => {
      for (const file of files) file.close();
      this.#replaced = this.#replaced.filter((file) => !files.includes(file));
    }, CLOSE_AFTER_MS).unref();
  }

  async close(): Promise<void> {
    for (const file of [...this.#files.values(), ...this.#replaced]) file.close();
    this.#files.clear();
  }

  /** A dropped generation stays open for a while; its missing file is not an error. */
  #isNeeded(name: string): boolean {
    const [, model = '', number] = /^(.+)-(\d+)\.db$/.exec(name) ?? [];
    if (number === undefined) return true;
    const { live, next } = (this.#control.note(generationsNote(model))?.body ?? {}) as Partial<Generations>;
    return [live?.number, next?.number].includes(Number(number));
  }

  #live(model: string): BuiltGeneration | undefined {
    return (this.#control.note(generationsNote(model))?.body as Generations | undefined)?.live;
  }

  /** What is live of a model, and the file that it is in. */
  #liveFile(model: string): (BuiltGeneration & { readonly file: Database }) | undefined {
    const live = this.#live(model);
    if (live === undefined || !this.#isThere(fileOf(model, live.number))) return undefined;
    this.#closeLater(model, live.number);
    return { ...live, file: this.#openGeneration(model, live.number) };
  }

  /** Asked whenever requests come: the disk is looked at only until the file is open. */
  #isThere(file: string): boolean {
    return this.#files.has(file) || existsSync(join(this.#folder, file));
  }

  /** Whoever drops a generation can remove its file, and not the space that it takes while another process has it open. */
  #closeLater(model: string, live: number): void {
    const before = this.#lastRead.get(model);
    if (before === live) return;
    this.#lastRead.set(model, live);
    if (before !== undefined) setTimeout(() => this.#close(fileOf(model, before)), CLOSE_AFTER_MS).unref();
  }

  #close(name: string): void {
    this.#files.get(name)?.close();
    this.#files.delete(name);
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

const CONTROL = 'control.db';
const fileOf = (model: string, number: number): string => `${model}-${number}.db`;

function prepareFolder(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new ReadStoreUnusable(
      `the read store's folder ${folder} cannot be made or written: check READ_STORE_URL, and the folder's owner and mode`,
      { cause },
    );
  }
}
