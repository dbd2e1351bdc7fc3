import type Database from 'libsql';
import type { StoredEvent } from './event.ts';
import { uuidFromBytes, uuidToBytes } from './uuid.ts';

const COLUMNS = 'e.position, s.name, e.revision, e.created, e.json, e.id, e.type, e.metadata, e.data';
const FROM = 'FROM events e JOIN streams s ON s.id = e.stream';

type Row = [number, Buffer, number, number, number, Buffer, Buffer, Buffer, Buffer];

/** Every statement on the log's two tables, prepared once. Streams go by their row id here. */
export class Tables {
  readonly #database: Database.Database;
  readonly #insertEvent;
  readonly #insertStream;
  readonly #streamId;
  readonly #head;
  readonly #streamForwards;
  readonly #streamBackwards;
  readonly #allForwards;
  readonly #allBackwards;
  readonly #hasPosition;
  readonly #lastPosition;
  readonly #lastStream;
  readonly #whereabouts;
  readonly #createdAt;
  readonly #newestIds;

  constructor(database: Database.Database) {
    const write = (sql: string) => database.prepare<unknown[]>(sql);
    const prepare = (sql: string) => write(sql).raw();
    this.#database = database;
    this.#insertEvent = write('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#insertStream = write('INSERT INTO streams VALUES (?, ?)');
    this.#streamId = prepare('SELECT id FROM streams WHERE name = ?');
    this.#head = prepare('SELECT max(revision) FROM events WHERE stream = ?');
    this.#streamForwards = prepare(
      `SELECT ${COLUMNS} ${FROM} WHERE e.stream = ? AND e.revision >= ? ORDER BY e.revision LIMIT ?`,
    );
    this.#streamBackwards = prepare(
      `SELECT ${COLUMNS} ${FROM} WHERE e.stream = ? AND e.revision <= ? AND e.revision >= ? ORDER BY e.revision DESC LIMIT ?`,
    );
    this.#allForwards = prepare(`SELECT ${COLUMNS} ${FROM} WHERE e.position > ? ORDER BY e.position LIMIT ?`);
    this.#allBackwards = prepare(
      `SELECT ${COLUMNS} ${FROM} WHERE e.position < ? ORDER BY e.position DESC LIMIT ?`,
    );
    this.#hasPosition = prepare('SELECT 1 FROM events WHERE position = ?');
    this.#lastPosition = prepare('SELECT max(position) FROM events');
    this.#lastStream = prepare('SELECT max(id) FROM streams');
    this.#whereabouts = prepare('SELECT stream, revision, id FROM events WHERE position = ?');
    this.#createdAt = prepare('SELECT created FROM events WHERE stream = ? AND revision = ?');
    this.#newestIds = prepare('SELECT position, stream, id FROM events ORDER BY position DESC LIMIT ?');
  }

  /** Everything the action writes becomes durable together, or, when it throws, nothing does. */
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
      Buffer.from(event.type),
      event.metadata,
      event.data,
    ]);
  }

  /** Undefined for a stream that was never written. */
  streamId(name: string): number | undefined {
    return firstNumber(this.#streamId.get([Buffer.from(name)]));
  }

  /** -1 for none. */
  head(stream: number): number {
    return firstNumber(this.#head.get([stream])) ?? -1;
  }

  streamForwards(stream: number, from: number, limit: number): StoredEvent[] {
    return this.#streamForwards.all([stream, from, limit]).map(toEvent);
  }

  streamBackwards(stream: number, from: number, floor: number, limit: number): StoredEvent[] {
    return this.#streamBackwards.all([stream, from, floor, limit]).map(toEvent);
  }

  allForwards(after: number, limit: number): StoredEvent[] {
    return this.#allForwards.all([after, limit]).map(toEvent);
  }

  allBackwards(before: number, limit: number): StoredEvent[] {
    return this.#allBackwards.all([before, limit]).map(toEvent);
  }

  hasPosition(position: number): boolean {
    return this.#hasPosition.get([position]) !== undefined;
  }

  lastPosition(): number {
    return firstNumber(this.#lastPosition.get([])) ?? 0;
  }

  lastStreamId(): number {
    return firstNumber(this.#lastStream.get([])) ?? 0;
  }

  /** Where the event at a position is, and which one. */
  whereabouts(position: number): { stream: number; revision: number; id: string } | undefined {
    const row = this.#whereabouts.get([position]) as [number, number, Buffer] | undefined;
    return row && { stream: row[0], revision: row[1], id: uuidFromBytes(row[2]) };
  }

  createdAt(stream: number, revision: number): number | undefined {
    return firstNumber(this.#createdAt.get([stream, revision]));
  }

  /** Position, stream and id of the newest events, oldest first. */
  newestIds(limit: number): [number, number, Buffer][] {
    return (this.#newestIds.all([limit]) as [number, number, Buffer][]).reverse();
  }

  /** The driver keeps a closed file, and its lock, until its statements are collected: the lock is let go of here. */
  close(): void {
    this.#database.prepare('PRAGMA journal_mode = DELETE').all();
    this.#database.exec('PRAGMA locking_mode = NORMAL');
    this.lastPosition();
    this.#database.close();
  }
}

const firstNumber = (row: unknown): number | undefined =>
  (row as [number | null] | undefined)?.[0] ?? undefined;

function toEvent(row: unknown): StoredEvent {
  const [position, name, revision, created, json, id, type, metadata, data] = row as Row;
  return {
    position,
    stream: name.toString(),
    revision,
    created,
    isJson: json === 1,
    id: uuidFromBytes(id),
    type: type.toString(),
    metadata,
    data,
  };
}
