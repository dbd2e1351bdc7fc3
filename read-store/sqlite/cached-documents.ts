import type { FoundJson, IndexDeclaration, ModelDeclaration, Query } from '../read-store.ts';
import type { Database, Row } from './database.ts';
import { SqliteDocuments } from './documents.ts';
import type { RowCache } from './row-cache.ts';

/**
 * Reading one generation for a turn of the event loop. What was read before is read again only when something was written
 * since: nothing is answered that the file did not hold at the beginning of the turn, or later.
 */
export class CachedDocuments<Body> extends SqliteDocuments<Body> {
  readonly #cache: RowCache;

  constructor(
    model: ModelDeclaration,
    generation: number,
    database: Database,
    built: readonly IndexDeclaration[] | undefined,
    cache: RowCache,
  ) {
    super(model, generation, database, built);
    this.#cache = cache;
    cache.forgetUnless(database.file, database.version());
  }

  protected override row(id: string): Row | undefined {
    const key = `${this.database.file} get ${id}`;
    const known = this.#cache.recall(key) as Row | undefined;
    if (known !== undefined) return known;
    const row = super.row(id);
    // What is not there is not kept: there is no end of it.
    if (row !== undefined) this.#cache.keep(key, row, Buffer.byteLength(String(row[2])));
    return row;
  }

  override async findJson(query: Query): Promise<FoundJson> {
    const key = `${this.database.file} find ${JSON.stringify(query)}`;
    const known = this.#cache.recall(key) as FoundJson | undefined;
    if (known !== undefined) return known;
    const found = await super.findJson(query);
    if (found.count > 0) this.#cache.keep(key, found, found.json.length);
    return found;
  }
}
