import { accessSync, constants, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../platform/files/make-folder.ts';
import { emptyDocuments } from '../empty-documents.ts';
import { ReadStoreReplaced, ReadStoreUnusable } from '../errors.ts';
import { type BuiltGeneration, type Generations, generationsKey, liveIn } from '../generations.ts';
import type { Documents, Generation, ModelDeclaration, ReadStore } from '../read-store.ts';
import { CachedDocuments } from './cached-documents.ts';
import { SqliteControl } from './control.ts';
import { Database } from './database.ts';
import { SqliteDocuments } from './documents.ts';
import { SqliteGeneration } from './generation.ts';
import { RowCache } from './row-cache.ts';
import { CONTROL_SCHEMA, GENERATION_SCHEMA } from './schema.ts';

/** Milliseconds until a replaced file is closed: longer than any request that may still read it. */
const CLOSE_AFTER_MS = 60_000;

/**
 * The read store in a folder: `control.db`, and a file for each generation of each read model. One process writes and others
 * read, each with its own connections. SQLite works synchronously: the work is done when a method returns its promise.
 */
export class SqliteReadStore extends SqliteControl implements ReadStore {
  readonly #folder: string;
  #files = new Map<string, Database>();
  /** The generation of each read model that was live at the last read. */
  readonly #lastRead = new Map<string, number>();
  /** Replaced files, kept open for requests that still read them. */
  #replaced: Database[] = [];
  readonly #cache = new RowCache();
  /** Files of generations whose indexes exist. */
  readonly #built = new WeakSet<Database>();
  /** Live documents of each read model in this turn of the event loop. */
  readonly #thisTurn = new Map<string, Documents<unknown>>();

  /** Creates the folder if it is missing. Throws `ReadStoreUnusable` when it is unusable. */
  constructor(folder: string) {
    prepareFolder(folder);
    const control = new Database(join(folder, CONTROL), CONTROL_SCHEMA);
    super(control);
    this.#folder = folder;
    this.#files.set(CONTROL, control);
  }

  async generation<Body>(model: ModelDeclaration, number: number): Promise<Generation<Body>> {
    return new SqliteGeneration(model, number, this.#openGeneration(model.name, number));
  }

  async live<Body>(model: ModelDeclaration): Promise<Documents<Body>> {
    const live = this.#liveFile(model.name);
    if (live === undefined) return emptyDocuments(model);
    return new SqliteDocuments(model, live.number, live.file, live.indexes);
  }

  async liveShared<Body>(model: ModelDeclaration): Promise<Documents<Body>> {
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

  async ping(): Promise<void> {
    for (const [name, file] of this.#files)
      if (!file.isInPlace() && this.#isNeeded(name))
        throw new ReadStoreReplaced(`the read store's file ${file.file}`);
    this.pingControl();
    // Reads succeed on a full disk.
    for (const file of this.#files.values()) file.checkRoom();
  }

  async reopen(): Promise<void> {
    prepareFolder(this.#folder);
    const before = this.#files;
    this.#files = new Map();
    try {
      this.useControl(this.#open(CONTROL, CONTROL_SCHEMA));
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
    const { live, next } = (this.metadataNow(generationsKey(model))?.body ?? {}) as Partial<Generations>;
    return [live?.number, next?.number].includes(Number(number));
  }

  #live(model: string): BuiltGeneration | undefined {
    return liveIn(this.metadataNow(generationsKey(model)));
  }

  /** Returns the live generation of a read model with its file. */
  #liveFile(model: string): (BuiltGeneration & { readonly file: Database }) | undefined {
    const live = this.#live(model);
    if (live === undefined || !this.#exists(fileOf(model, live.number))) return undefined;
    this.#closeLater(model, live.number);
    const file = this.#openGeneration(model, live.number);
    return this.#isBuilt(file) ? { ...live, file } : undefined;
  }

  /** Returns false while another process has created the file of a generation, but not its indexes yet. */
  #isBuilt(file: Database): boolean {
    if (!this.#built.has(file) && file.get('SELECT 1 FROM declared') !== undefined) this.#built.add(file);
    return this.#built.has(file);
  }

  /** Every request calls this: it checks the disk only until the file is open. */
  #exists(file: string): boolean {
    return this.#files.has(file) || existsSync(join(this.#folder, file));
  }

  /** Closes the file of the previous generation: its disk space is freed only when every process has closed it. */
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
      `the read store's folder ${folder} cannot be created or written: check READ_STORE_URL, and the folder's owner and mode`,
      { cause },
    );
  }
}
