import { randomUUID } from 'node:crypto';
import { RecentIds } from './append/recent-ids.ts';
import { Writer } from './append/writer.ts';
import { LogClosed, LogFailed } from './errors.ts';
import { METADATA_TYPE, type NewEvent, type StoredEvent } from './event.ts';
import type { AcknowledgedPosition } from './file/acknowledged-position.ts';
import { type LogFile, openInFolder, openInMemory, unavailable } from './file/open-file.ts';
import type { EventFilter } from './filter/filter.ts';
import type {
  AllPage,
  AppendOutcome,
  CommitListener,
  EventLog,
  ExpectedRevision,
  RemoveOutcome,
  Scavenge,
  StreamPage,
} from './log.ts';
import { Reader } from './read/reader.ts';
import { ScavengePass } from './scavenge/scavenge-pass.ts';
import { ScavengeQueries } from './scavenge/scavenge-queries.ts';
import { Streams } from './tables/streams.ts';
import { Tables } from './tables/tables.ts';

export type LogLocation = { readonly dataDir: string } | { readonly memory: true };

/** The most that one commit takes, so that a flood neither fills the memory nor keeps everyone waiting. */
const BYTES_PER_COMMIT = 8 * 1024 * 1024;
const REQUESTS_PER_COMMIT = 2048;

/** When a group is complete: after so many turns of the event loop without a newcomer, or at most so many turns. */
const QUIET_TURNS = 3;
const MAX_TURNS = 64;
const LARGE_GROUP = 256;
/** Pause after a failed commit, so that a full disk is not tried again at once. Later appends wait for the next commit. */
const PAUSE_AFTER_FAILURE_MS = 100;

interface Request {
  readonly bytes: number;
  /** Runs inside the transaction; answers when it is durable. */
  readonly run: (writer: Writer) => () => void;
  readonly reject: (error: Error) => void;
}

/** @throws {LogUnavailable} in one sentence that says why the folder's log cannot be opened. */
export function openEventLog(place: LogLocation, onError: (sentence: string) => void = () => {}): EventLog {
  if ('memory' in place) return new SqliteLog(openInMemory(), onError);
  const file = openInFolder(place.dataDir);
  try {
    return new SqliteLog(file, onError);
  } catch (error) {
    file.database.close();
    file.acknowledged?.close();
    throw unavailable(place.dataDir, error);
  }
}

/**
 * The log on SQLite. Requests that arrive within one turn of the event loop are written in one transaction and
 * synced once (group commit); while that runs, the next group collects in the sockets.
 */
class SqliteLog implements EventLog {
  readonly #database: LogFile['database'];
  readonly #tables: Tables;
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #acknowledged: AcknowledgedPosition | undefined;
  readonly #listeners = new Set<CommitListener>();
  readonly #onError: (sentence: string) => void;
  #queue: Request[] = [];
  #scheduled = false;
  #restsUntil = 0;
  #closed = false;

  constructor({ database, acknowledged }: LogFile, onError: (sentence: string) => void) {
    this.#onError = onError;
    this.#acknowledged = acknowledged;
    this.#database = database;
    this.#tables = new Tables(database);
    const streams = new Streams(this.#tables);
    const recent = new RecentIds();
    this.#reader = new Reader(this.#tables, streams);
    this.#writer = new Writer(this.#tables, streams, recent);
    if (this.lastPosition() === 0) this.#writeFirstEvent();
    acknowledged?.upTo(this.lastPosition());
  }

  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendOutcome> {
    const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    return this.#enqueue(bytes, (writer) => writer.append(stream, events, expected));
  }

  softDelete(stream: string, expected: ExpectedRevision): Promise<RemoveOutcome> {
    return this.#enqueue(0, (writer) => writer.softDelete(stream, expected));
  }

  tombstone(stream: string, expected: ExpectedRevision): Promise<RemoveOutcome> {
    return this.#enqueue(0, (writer) => writer.tombstone(stream, expected));
  }

  readStreamForwards(stream: string, from: number, limit: number): StreamPage {
    return this.#reader.streamForwards(stream, from, limit);
  }

  readStreamBackwards(stream: string, from: number, limit: number): StreamPage {
    return this.#reader.streamBackwards(stream, from, limit);
  }

  readAllForwards(after: number, limit: number, filter?: EventFilter): AllPage {
    return this.#reader.allForwards(after, limit, filter);
  }

  readAllBackwards(before: number, limit: number, filter?: EventFilter): AllPage {
    return this.#reader.allBackwards(before, limit, filter);
  }

  hasPosition(position: number): boolean {
    return this.#tables.hasPosition(position);
  }

  lastPosition(): number {
    return this.#writer.lastPosition;
  }

  headRevision(stream: string): number {
    return this.#reader.headRevision(stream);
  }

  resolveLink(event: StoredEvent): StoredEvent | undefined {
    return this.#reader.resolveLink(event);
  }

  scavenge(): Scavenge {
    const pass = new ScavengePass(this.#tables, new ScavengeQueries(this.#database));
    const step = () => {
      if (this.#closed) throw new LogClosed();
      try {
        return pass.step();
      } catch (error) {
        throw new LogFailed(error);
      }
    };
    return {
      get removed() {
        return pass.removed;
      },
      step,
    };
  }

  onCommitted(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    while (this.#queue.length > 0) this.#commit();
    this.#listeners.clear();
    this.#tables.close();
    this.#acknowledged?.close();
  }

  #enqueue<Outcome>(bytes: number, action: (writer: Writer) => Outcome): Promise<Outcome> {
    if (this.#closed) return Promise.reject(new LogClosed());
    return new Promise((resolve, reject) => {
      const run = (writer: Writer) => {
        const outcome = action(writer);
        return () => resolve(outcome);
      };
      this.#queue.push({ bytes, run, reject });
      this.#schedule();
    });
  }

  /**
   * Commits once no turn brings anything new: what was sent together reaches us over several turns, one frame in
   * each. Never waits for a group that is large enough, and never for long.
   */
  #schedule(turn = 0, quietTurns = 0): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const seen = this.#queue.length;
    setImmediate(() => {
      this.#scheduled = false;
      const quiet = this.#queue.length === seen ? quietTurns + 1 : 0;
      const waits = quiet < QUIET_TURNS && turn < MAX_TURNS && seen < LARGE_GROUP;
      if (waits) return this.#schedule(turn + 1, quiet);
      const restMs = this.#restsUntil - performance.now();
      if (restMs > 0) return this.#scheduleIn(restMs);
      if (this.#queue.length > 0) this.#commit();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  #scheduleIn(ms: number): void {
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      if (this.#queue.length > 0) this.#schedule();
    }, ms);
  }

  #commit(): void {
    const group = this.#takeGroup();
    let answers: (() => void)[];
    try {
      this.#writer.begin();
      answers = this.#tables.transaction(() => group.map(({ run }) => run(this.#writer)));
    } catch (error) {
      this.#writer.reset();
      this.#restsUntil = performance.now() + PAUSE_AFTER_FAILURE_MS;
      const failed = new LogFailed(error);
      this.#onError(failed.message);
      for (const { reject } of group) reject(failed);
      return;
    }
    const committed = this.#writer.take();
    if (committed.length > 0) this.#acknowledged?.upTo(this.lastPosition());
    for (const answer of answers) answer();
    if (committed.length > 0) for (const listener of this.#listeners) listener(committed);
  }

  #takeGroup(): readonly Request[] {
    let bytes = 0;
    let count = 0;
    for (const request of this.#queue) {
      bytes += request.bytes;
      if (count > 0 && (bytes > BYTES_PER_COMMIT || count >= REQUESTS_PER_COMMIT)) break;
      count += 1;
    }
    const group = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    return group;
  }

  /** A fresh EventStoreDB begins with the metadata of its own `$scavenges` stream. */
  #writeFirstEvent(): void {
    const data = Buffer.from('{"$maxAge":2592000}');
    const event = { id: randomUUID(), type: METADATA_TYPE, isJson: true, data, metadata: Buffer.alloc(0) };
    this.#writer.begin();
    this.#tables.transaction(() => this.#writer.append('$$$scavenges', [event], 'any'));
  }
}
