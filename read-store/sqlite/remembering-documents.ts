import type { LRUCache } from 'lru-cache';
import type { FoundJson, IndexDeclaration, ModelDeclaration, Query } from '../read-store.ts';
import type { Database, Row } from './database.ts';
import { SqliteDocuments } from './documents.ts';

/** What was read of a file when it was of a version. */
export interface Remembered {
  readonly version: string;
  readonly value: Row | FoundJson;
  readonly bytes: number;
}

export type Memory = LRUCache<string, Remembered>;

/**
 * Reading one generation for a turn of the event loop. What was read before is read again only when the file was written to
 * since: nothing is answered that the file did not hold at the beginning of the turn, or later.
 */
export class RememberingDocuments<Body> extends SqliteDocuments<Body> {
  readonly #memory: Memory;
  readonly #version: string;

  constructor(
    model: ModelDeclaration,
    generation: number,
    database: Database,
    built: readonly IndexDeclaration[] | undefined,
    memory: Memory,
  ) {
    super(model, generation, database, built);
    this.#memory = memory;
    this.#version = database.version();
  }

  protected override row(id: string): Row | undefined {
    const key = `${this.database.file} get ${id}`;
    const known = this.#recall(key) as Row | undefined;
    if (known !== undefined) return known;
    const row = super.row(id);
    if (row !== undefined) this.#remember(key, row, Buffer.byteLength(String(row[2])));
    return row;
  }

  override async findJson(query: Query): Promise<FoundJson> {
    const key = `${this.database.file} find ${JSON.stringify(query)}`;
    const known = this.#recall(key) as FoundJson | undefined;
    if (known !== undefined) return known;
    const found = await super.findJson(query);
    this.#remember(key, found, found.json.length);
    return found;
  }

  #recall(key: string): Remembered['value'] | undefined {
    const known = this.#memory.get(key);
    return known?.version === this.#version ? known.value : undefined;
  }

  #remember(key: string, value: Remembered['value'], bytes: number): void {
    this.#memory.set(key, { version: this.#version, value, bytes: bytes + key.length });
  }
}
