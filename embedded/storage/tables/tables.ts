import type Database from 'libsql';
import { LRUCache } from 'lru-cache';
import type { StoredEvent } from '../event.ts';
import { UUID_BYTES, uuidFromBytes, uuidToBytes } from '../uuid.ts';
import { Pages } from './pages.ts';
import { type EventLocation, ScavengedEvents } from './scavenged-events.ts';

const MAX_CACHED_TYPES = 1_000;

/** The prepared SQL statements of appends and of single rows. Streams are identified by row id. */
export class Tables {
  readonly pages: Pages;
  readonly scavenged: ScavengedEvents;
  readonly #database: Database.Database;
  readonly #types = new LRUCache<string, Buffer>({ max: MAX_CACHED_TYPES });
  readonly #insertEvent;
  readonly #insertStream;
  readonly #streamId;
  readonly #head;
  readonly #hasPosition;
  readonly #lastPosition;
  readonly #lastStream;
  readonly #locate;
  readonly #createdAt;
  readonly #newestIds;

  constructor(database: Database.Database) {
    const write = (sql: string) => database.prepare<unknown[]>(sql);
    const prepare = (sql: string) => write(sql).raw();
    this.#database = database;
    this.pages = new Pages(database);
    this.scavenged = new ScavengedEvents(database);
    this.#insertEvent = write('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#insertStream = write('INSERT INTO streams VALUES (?, ?)');
    this.#streamId = prepare('SELECT id FROM streams WHERE name = ?');
    this.#head = prepare('SELECT max(revision) FROM events WHERE stream = ?');
    this.#hasPosition = prepare('SELECT 1 FROM events WHERE position = ?');
    this.#lastPosition = prepare('SELECT max(position) FROM events');
    this.#lastStream = prepare('SELECT max(id) FROM streams');
    this.#locate = prepare('SELECT stream, revision, id FROM events WHERE position = ?');
    this.#createdAt = prepare('SELECT created FROM events WHERE stream = ? AND revision = ?');
    this.#newestIds = prepare(
      "SELECT json_group_array(position), json_group_array(stream), CAST(group_concat(id, '') AS BLOB) FROM (SELECT position, stream, id FROM events UNION ALL SELECT position, stream, id FROM scavenged ORDER BY position DESC LIMIT ?)",
    );
  }

  /** Runs the action in a transaction. Commits all of its writes, or none if it throws. */
  transaction<Result>(action: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = action();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  insertStream(id: number, name: string): void {
    this.#insertStream.run([id, Buffer.from(name)]);
  }

  insertEvent(stream: number, event: StoredEvent): void {
    this.#insertEvent.run([
      event.position,
      stream,
      event.revision,
      event.created,
      event.isJson ? 1 : 0,
      uuidToBytes(event.id),
      this.#bytesOfType(event.type),
      event.metadata,
      event.data,
    ]);
  }

  /** Cached, since there are few event types and each is written often. */
  #bytesOfType(type: string): Buffer {
    const known = this.#types.get(type);
    if (known !== undefined) return known;
    const bytes = Buffer.from(type);
    this.#types.set(type, bytes);
    return bytes;
  }

  /** Returns undefined for a stream that was never written. */
  streamId(name: string): number | undefined {
    return firstNumber(this.#streamId.get([Buffer.from(name)]));
  }

  /** Returns the last revision, or -1. */
  head(stream: number): number {
    return firstNumber(this.#head.get([stream])) ?? -1;
  }

  /** Returns the event at exactly this revision. */
  event(stream: number, revision: number): StoredEvent | undefined {
    const [found] = this.pages.streamForwards(stream, revision, 1);
    return found?.revision === revision ? found : undefined;
  }

  /** Accepts every position up to the last gap, since its event may have been scavenged. */
  hasPosition(position: number): boolean {
    return position <= this.scavenged.lastGap || this.#hasPosition.get([position]) !== undefined;
  }

  lastPosition(): number {
    return firstNumber(this.#lastPosition.get([])) ?? 0;
  }

  lastStreamId(): number {
    return firstNumber(this.#lastStream.get([])) ?? 0;
  }

  /** Returns stream, revision and id of the event at a position, also of a scavenged one. */
  locate(position: number): EventLocation | undefined {
    const row = this.#locate.get([position]) as [number, number, Buffer] | undefined;
    if (row === undefined) return this.scavenged.locate(position);
    return { stream: row[0], revision: row[1], id: uuidFromBytes(row[2]) };
  }

  createdAt(stream: number, revision: number): number | undefined {
    return firstNumber(this.#createdAt.get([stream, revision]));
  }

  /** Returns position, stream and id of the newest events, including scavenged ones, newest first. */
  *newestIds(limit: number): Generator<[position: number, stream: number, id: Buffer]> {
    const [positions, streams, ids] = this.#newestIds.get([limit]) as [string, string, Buffer | null];
    const streamOf: number[] = JSON.parse(streams);
    for (const [i, position] of (JSON.parse(positions) as number[]).entries()) {
      const id = ids?.subarray(i * UUID_BYTES, (i + 1) * UUID_BYTES);
      if (id !== undefined) yield [position, Number(streamOf[i]), id];
    }
  }

  /** Releases the lock explicitly: the driver keeps it until the prepared statements are garbage-collected. */
  close(): void {
    this.#database.prepare('PRAGMA journal_mode = DELETE').all();
    this.#database.exec('PRAGMA locking_mode = NORMAL');
    this.lastPosition();
    this.#database.close();
  }
}

const firstNumber = (row: unknown): number | undefined =>
  (row as [number | null] | undefined)?.[0] ?? undefined;
