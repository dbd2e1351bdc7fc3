import type { FoundJson, IndexDeclaration, ModelDeclaration, Query } from '../read-store.ts';
import type { Database, Row } from './database.ts';
import { SqliteDocuments } from './documents.ts';
import type { Memory } from './memory.ts';

/**
 * Reading one generation for a turn of the event loop. What was read before is read again only when something was written
 * since: nothing is answered that the file did not hold at the beginning of the turn, or later.
 */
export class RememberingDocuments<Body> extends SqliteDocuments<Body> {
  readonly #memory: Memory;

  constructor(
    model: ModelDeclaration,
    generation: number,
    database: Database,
    built: readonly IndexDeclaration[] | undefined,
    memory: Memory,
  ) {
    super(model, generation, database, built);
    this.#memory = memory;
    memory.forgetUnless(database.file, database.version());
  }

  protected override row(id: string): Row | undefined {
    const key = `${this.database.file} get ${id}`;
    const known = this.#memory.recall(key) as Row | undefined;
    if (known !== undefined) return known;
    const row = super.row(id);
    // What is not there is not kept: there is no end of it.
    if (row !== undefined) this.#memory.keep(key, row, Buffer.byteLength(String(row[2])));
    return row;
  }

  override async findJson(query: Query): Promise<FoundJson> {
    const key = `${this.database.file} find ${JSON.stringify(query)}`;
    const known = this.#memory.recall(key) as FoundJson | undefined;
    if (known !== undefined) return known;
    const found = await super.findJson(query);
    if (found.count > 0) this.#memory.keep(key, found, found.json.length);
    return found;
  }
}
