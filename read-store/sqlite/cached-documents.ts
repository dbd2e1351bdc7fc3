import type { FoundJson, IndexDeclaration, ModelDeclaration, Query } from '../read-store.ts';
import type { Database, Row } from './database.ts';
import { SqliteDocuments } from './documents.ts';
import type { RowCache } from './row-cache.ts';

/**
 * Reads one generation during one turn of the event loop. Reads rows again only if the file was written since: a result is
 * never older than the beginning of the turn.
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
    cache.clearUnless(database.file, database.version());
  }

  protected override row(id: string): Row | undefined {
    const key = `${this.database.file} get ${id}`;
    const known = this.#cache.get(key) as Row | undefined;
    if (known !== undefined) return known;
    const row = super.row(id);
    // Missing rows are not cached: their number is unlimited.
    if (row !== undefined) this.#cache.set(key, row, Buffer.byteLength(String(row[2])));
    return row;
  }

  override async findJson(query: Query): Promise<FoundJson> {
    const key = `${this.database.file} find ${JSON.stringify(query)}`;
    const known = this.#cache.get(key) as FoundJson | undefined;
    if (known !== undefined) return known;
    const found = await super.findJson(query);
    if (found.count > 0) this.#cache.set(key, found, found.json.length);
    return found;
  }
}
