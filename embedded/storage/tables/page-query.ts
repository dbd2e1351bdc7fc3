import type Database from 'libsql';
import type { StoredEvent } from '../event.ts';
import { UUID_BYTES, uuidFromHex } from '../uuid.ts';

const FROM = 'FROM events e JOIN streams s ON s.id = e.stream';
/** Maximum bytes of a page, unless its only event is larger. */
const MAX_BYTES = 4 * 1024 * 1024;
const SHRINK_FACTOR = 8;

/**
 * A page is one row of two columns: the numbers of all its events as a list, and their concatenated bytes. The driver
 * needs microseconds for each blob that it returns, more than the rest of a read.
 */
const NUMBERS =
  "group_concat(position || ',' || revision || ',' || created || ',' || json || ',' || nameBytes || ',' || typeBytes || ',' || metadataBytes || ',' || dataBytes)";
const BYTES = "CAST(group_concat(bytes, '') AS BLOB)";
const COLUMNS = `e.position, e.revision, e.created, e.json, length(s.name) AS nameBytes, length(e.type) AS typeBytes,
  length(e.metadata) AS metadataBytes, length(e.data) AS dataBytes, s.name || e.id || e.type || e.metadata || e.data AS bytes`;
const NUMBERS_PER_EVENT = 8;

export interface Page {
  readonly events: StoredEvent[];
  /** There may be more events: the page ended at its limit, or earlier because its events are large. */
  readonly isPartial: boolean;
}

/** Reads pages of events that meet a condition, limited in number and in bytes. */
export class PageQuery {
  readonly #page;
  readonly #size;

  /** @param condition SQL after WHERE, with its order: `e.position > ? ORDER BY e.position` */
  constructor(database: Database.Database, condition: string) {
    const prepare = (sql: string) => database.prepare<unknown[]>(sql).raw();
    this.#page = prepare(
      `SELECT ${NUMBERS}, ${BYTES} FROM (SELECT ${COLUMNS} ${FROM} WHERE ${condition} LIMIT ?)`,
    );
    this.#size = prepare(
      `SELECT sum(size) FROM (SELECT length(e.metadata) + length(e.data) AS size FROM events e WHERE ${condition} LIMIT ?)`,
    );
  }

  /** @param values for the condition's parameters */
  read(values: readonly unknown[], limit: number): Page {
    let bounded = limit;
    while (bounded > 1 && this.#sizeOf(values, bounded) > MAX_BYTES) {
      bounded = Math.max(1, Math.floor(bounded / SHRINK_FACTOR));
    }
    const [numbers, bytes] = this.#page.get([...values, bounded]) as [string | null, Buffer];
    const events = numbers === null ? [] : unpack(JSON.parse(`[${numbers}]`), bytes);
    return { events, isPartial: events.length === bounded };
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
