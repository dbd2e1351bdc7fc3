import { encodeEvents } from '../checkpoint-events.ts';
import { indexEntries } from '../index-entries.ts';
import type {
  CheckpointEvent,
  Generation,
  IndexDeclaration,
  IndexValue,
  ModelDeclaration,
  Position,
  Stored,
} from '../read-store.ts';
import type { Database } from './database.ts';
import { SqliteDocuments } from './documents.ts';
import { ownEventLoopTurn } from './event-loop-turn.ts';
import { CHECKPOINT_EVENTS_SCHEMA, column, createIndexTable, indexTable } from './schema.ts';

type Entries = readonly IndexValue[][];

interface Index {
  readonly declaration: IndexDeclaration;
  readonly insert: string;
  readonly remove: string;
}

/** Documents in memory at the same time while indexes are built. */
const PAGE = 500;
/** Stored for documents without index entries, and for documents that never change. */
const NO_ENTRIES = '[]';

/** Writes one generation: each commit is one transaction with documents and checkpoint. */
export class SqliteGeneration<Body> extends SqliteDocuments<Body> implements Generation<Body> {
  readonly #indexes: readonly Index[];

  /** Creates the declared indexes. Reads every document when the declaration has changed. */
  constructor(declaration: ModelDeclaration, number: number, database: Database) {
    super(declaration, number, database);
    this.#indexes = declaration.indexes.map(statementsOf);
    const declared = JSON.stringify(declaration.indexes);
    database.exec(CHECKPOINT_EVENTS_SCHEMA);
    if (database.get('SELECT indexes FROM declared')?.[0] !== declared)
      database.transaction(() => this.#buildIndexes(declared));
  }

  async commit(
    documents: readonly Stored<Body>[],
    checkpoint: Position,
    events: readonly CheckpointEvent[] = [],
  ): Promise<void> {
    // The commits of several read models must not block other work of the process.
    if (documents.length > 0) await ownEventLoopTurn();
    this.database.transaction(() => {
      const growsOnly = this.declaration.growsOnly === true;
      for (const document of documents) {
        if (growsOnly) this.#insert(document);
        else this.#write(document);
      }
      const moved = this.database.run(
        `INSERT INTO checkpoint VALUES (1, ?, ?) ON CONFLICT DO UPDATE
           SET commit_position = excluded.commit_position, prepare_position = excluded.prepare_position
           WHERE excluded.commit_position > commit_position`,
        checkpoint.commit,
        checkpoint.prepare,
      );
      if (moved > 0 && events.length > 0)
        this.database.run('INSERT OR REPLACE INTO checkpoint_events VALUES (1, ?)', encodeEvents(events));
    });
  }

  #insert({ id, position, body }: Stored<Body>): void {
    const inserted = this.database.run(
      'INSERT OR IGNORE INTO documents VALUES (?, ?, ?, ?)',
      id,
      position,
      JSON.stringify(body),
      NO_ENTRIES,
    );
    if (inserted > 0) this.#index(id, this.#entriesOf(body), []);
  }

  #write({ id, position, body }: Stored<Body>): void {
    const entries = this.#entriesOf(body);
    const text = entries.length === 0 ? NO_ENTRIES : JSON.stringify(entries);
    const sql = 'SELECT position, entries FROM documents WHERE id = ?';
    const [oldPosition = -1n, oldText = NO_ENTRIES] = this.database.get(sql, id) ?? [];
    if ((oldPosition as bigint) >= position) return;
    this.database.run(
      `INSERT INTO documents VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
         SET position = excluded.position, body = excluded.body, entries = excluded.entries`,
      id,
      position,
      JSON.stringify(body),
      text,
    );
    if (text !== oldText) this.#index(id, entries, JSON.parse(String(oldText)));
  }

  #entriesOf(body: unknown): Entries[] {
    return this.#indexes.map(({ declaration }) => indexEntries(declaration, body));
  }

  #index(id: string, entries: readonly Entries[], old: readonly Entries[]): void {
    this.#indexes.forEach(({ insert, remove }, number) => {
      const now = entriesByKey(entries[number]);
      const before = entriesByKey(old[number]);
      for (const [key, entry] of before) if (!now.has(key)) this.database.run(remove, ...entry, id);
      for (const [key, entry] of now) if (!before.has(key)) this.database.run(insert, ...entry, id);
    });
  }

  #buildIndexes(declared: string): void {
    const tables = this.database.all(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'index\\_%' ESCAPE '\\'`,
    );
    for (const [name] of tables) this.database.exec(`DROP TABLE "${name}"`);
    for (const { declaration } of this.#indexes) this.database.exec(createIndexTable(declaration));
    let after: string | undefined = '';
    while (after !== undefined) {
      const page: Stored<Body>[] = this.pageNow(after, PAGE);
      for (const { id, body } of page) {
        const entries = this.#entriesOf(body);
        this.database.run('UPDATE documents SET entries = ? WHERE id = ?', JSON.stringify(entries), id);
        this.#index(id, entries, []);
      }
      after = page.at(-1)?.id;
    }
    this.database.run('INSERT OR REPLACE INTO declared VALUES (1, ?)', declared);
  }
}

function statementsOf(declaration: IndexDeclaration): Index {
  const columns = [...declaration.fields.map((_, field) => column(field)), 'id'];
  const table = indexTable(declaration);
  return {
    declaration,
    insert: `INSERT OR IGNORE INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`,
    remove: `DELETE FROM ${table} WHERE ${columns.map((name) => `${name} = ?`).join(' AND ')}`,
  };
}

/** Returns index entries by a key that is unique per entry. */
const entriesByKey = (entries: Entries = []): Map<string, IndexValue[]> =>
  new Map(entries.map((entry) => [JSON.stringify(entry), entry]));
