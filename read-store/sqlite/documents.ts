import { checkQuery } from '../check-query.ts';
import { decodeEvents } from '../checkpoint-events.ts';
import type {
  CheckpointEvent,
  Documents,
  FoundJson,
  IndexDeclaration,
  ModelDeclaration,
  Position,
  Query,
  Stored,
} from '../read-store.ts';
import type { Database, Row } from './database.ts';
import { buildIndexQuery } from './index-query.ts';

const NOTHING = Buffer.alloc(0);

/** Reads one generation. */
export class SqliteDocuments<Body> implements Documents<Body> {
  readonly generation: number;
  protected readonly declaration: ModelDeclaration;
  protected readonly database: Database;
  readonly #built: readonly IndexDeclaration[] | undefined;

  /** `built`: the indexes of the generation, which may differ from the declared ones. */
  constructor(
    declaration: ModelDeclaration,
    generation: number,
    database: Database,
    built?: readonly IndexDeclaration[],
  ) {
    this.declaration = declaration;
    this.generation = generation;
    this.database = database;
    this.#built = built;
  }

  async get(id: string): Promise<Stored<Body> | undefined> {
    const row = this.row(id);
    return row === undefined ? undefined : asStored(row);
  }

  protected row(id: string): Row | undefined {
    return this.database.get('SELECT id, position, body FROM documents WHERE id = ?', id);
  }

  async load(ids: readonly string[]): Promise<Map<string, Stored<Body>>> {
    const rows = this.database.all(
      'SELECT d.id, d.position, d.body FROM json_each(?) AS wanted CROSS JOIN documents AS d ON d.id = wanted.value',
      JSON.stringify(ids),
    );
    return new Map(rows.map((row) => [String(row[0]), stored<Body>(row)]));
  }

  async find(query: Query): Promise<Stored<Body>[]> {
    const { sql, values } = buildIndexQuery(checkQuery(this.declaration, query, this.#built), query);
    return this.database.all(sql, ...values).map((row) => asStored(row));
  }

  async findJson(query: Query): Promise<FoundJson> {
    const { sql, values } = buildIndexQuery(checkQuery(this.declaration, query, this.#built), query);
    // One value instead of one row per document: the transfer of rows costs most.
    const found = `SELECT count(*), CAST(group_concat(body) AS BLOB) FROM (${sql})`;
    const [count, json] = this.database.get(found, ...values) ?? [];
    return { count: Number(count), json: json instanceof Buffer ? json : NOTHING };
  }

  async page(after: string | undefined, limit: number): Promise<Stored<Body>[]> {
    return this.pageNow(after ?? '', limit);
  }

  protected pageNow(after: string, limit: number): Stored<Body>[] {
    const sql = 'SELECT id, position, body FROM documents WHERE id > ? ORDER BY id LIMIT ?';
    return this.database.all(sql, after, limit).map((row) => stored(row));
  }

  async checkpointEvents(): Promise<readonly CheckpointEvent[]> {
    // Files of older versions lack this table.
    const there = this.database.get("SELECT 1 FROM sqlite_schema WHERE name = 'checkpoint_events'");
    const row = there && this.database.get('SELECT events FROM checkpoint_events');
    return row === undefined ? [] : decodeEvents(String(row[0]));
  }

  async checkpoint(): Promise<Position | undefined> {
    const row = this.database.get('SELECT commit_position, prepare_position FROM checkpoint');
    return row === undefined ? undefined : { commit: row[0] as bigint, prepare: row[1] as bigint };
  }
}

/** Parses the body on first access: many documents are only passed on as JSON. */
function asStored<Body>([id, position, text]: Row): Stored<Body> {
  const json = String(text);
  let body: Body | undefined;
  const document = {
    id: String(id),
    position: position as bigint,
    get body(): Body {
      body ??= JSON.parse(json) as Body;
      return body;
    },
  };
  // Not enumerable: a copy with another body must not have this one's JSON.
  return Object.defineProperty(document, 'json', { value: json });
}

const stored = <Body>([id, position, body]: Row): Stored<Body> => ({
  id: String(id),
  position: position as bigint,
  body: JSON.parse(String(body)),
});
