import type Database from 'libsql';
import type { StoredEvent } from '../event.ts';
import { UUID_BYTES, uuidFromHex } from '../uuid.ts';

const FROM = 'FROM events e JOIN streams s ON s.id = e.stream';
/** What one page may hold; a single event may be larger: its metadata are bounded by the size of a message only. */
const MOST_BYTES = 4 * 1024 * 1024;
const SHRINK = 8;

/**
 * A page comes as one row of two columns: the numbers of all its events as a list, and all their bytes end to end.
 * The driver takes microseconds for each blob that it hands over, more than everything else that a read costs.
 */
const NUMBERS =
  "group_concat(position || ',' || revision || ',' || created || ',' || json || ',' || nameBytes || ',' || typeBytes || ',' || metadataBytes || ',' || dataBytes)";
const BYTES = "CAST(group_concat(bytes, '') AS BLOB)";
const COLUMNS = `e.position, e.revision, e.created, e.json, length(s.name) AS nameBytes, length(e.type) AS typeBytes,
  length(e.metadata) AS metadataBytes, length(e.data) AS dataBytes, s.name || e.id || e.type || e.metadata || e.data AS bytes`;
const NUMBERS_PER_EVENT = 8;

export interface Page {
  readonly events: StoredEvent[];
  /** More may be there: the page was cut at its limit, or earlier because its events are large. */
  readonly isCut: boolean;
}

/** Reads pages of events by one condition, bounded in number and in bytes. */
export class PageQuery {
  readonly #page;
  readonly #size;

  /** @param condition what follows WHERE, with its order; e.g. `e.position > ? ORDER BY e.position` */
  constructor(database: Database.Database, condition: string) {
    const prepare = (sql: string) => database.prepare<unknown[]>(sql).raw();
    this.#page = prepare(
      `SELECT ${NUMBERS}, ${BYTES} FROM (SELECT ${COLUMNS} ${FROM} WHERE ${condition} LIMIT ?)`,
    );
    this.#size = prepare(
      `SELECT sum(size) FROM (SELECT length(e.metadata) + length(e.data) AS size FROM events e WHERE ${condition} LIMIT ?)`,
    );
  }

  /** @param values those of the condition's parameters */
  read(values: readonly unknown[], limit: number): Page {
    let bounded = limit;
    while (bounded > 1 && this.#sizeOf(values, bounded) > MOST_BYTES) {
      bounded = Math.max(1, Math.floor(bounded / SHRINK));
    }
    const [numbers, bytes] = this.#page.get([...values, bounded]) as [string | null, Buffer];
    const events = numbers === null ? [] : unpack(JSON.parse(`[${numbers}]`), bytes);
    return { events, isCut: events.length === bounded };
  }

  #sizeOf(values: readonly unknown[], limit: number): number {
    return (this.#size.get([...values, limit]) as [number | null])[0] ?? 0;
  }
}

function unpack(numbers: readonly number[], bytes: Buffer): StoredEvent[] {
  const events: StoredEvent[] = [];
  let start = 0;
  for (let i = 0; i < numbers.length; i += NUMBERS_PER_EVENT) {
    const at = (column: number) => Number(numbers[i + column]);
    const id = start + at(4);
    const type = id + UUID_BYTES;
    const metadata = type + at(5);
    const data = metadata + at(6);
    const end = data + at(7);
    events.push({
      position: at(0),
      revision: at(1),
      created: at(2),
      isJson: at(3) === 1,
      stream: bytes.toString('utf8', start, id),
      id: uuidFromHex(bytes.toString('hex', id, type)),
      type: bytes.toString('utf8', type, metadata),
      metadata: bytes.subarray(metadata, data),
      data: bytes.subarray(data, end),
    });
    start = end;
  }
  return events;
}
