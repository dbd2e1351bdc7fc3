import { jsonEvent } from './append/append-event.ts';
import { GroupCommit } from './append/group-commit.ts';
import { Writer } from './append/writer.ts';
import { LogClosed, LogFailed } from './errors.ts';
import { METADATA_TYPE, type NewEvent } from './event.ts';
import type { AcknowledgedPosition } from './file/acknowledged-position.ts';
import { type LogFile, openInFolder, openInMemory, toLogUnavailable } from './file/open-file.ts';
import type {
  AppendOutcome,
  CommitListener,
  EventLog,
  ExpectedRevision,
  RemoveOutcome,
  Scavenge,
} from './log.ts';
import { Reader } from './read/reader.ts';
import { ScavengePass } from './scavenge/scavenge-pass.ts';
import { ScavengeQueries } from './scavenge/scavenge-queries.ts';
import { Streams } from './tables/streams.ts';
import { Tables } from './tables/tables.ts';

const SECONDS_PER_DAY = 24 * 60 * 60;

export type LogLocation = { readonly dataDir: string } | { readonly memory: true };

/**
 * Opens the log in a folder or a new one in memory.
 * @param onError called with one sentence when a commit fails
 * @throws {LogUnavailable} when the log in the folder cannot be opened
 */
export function openEventLog(place: LogLocation, onError: (sentence: string) => void = () => {}): EventLog {
  if ('memory' in place) return new SqliteLog(openInMemory(), onError);
  const file = openInFolder(place.dataDir);
  try {
    return new SqliteLog(file, onError);
  } catch (error) {
    file.database.close();
    file.acknowledged?.close();
    throw toLogUnavailable(place.dataDir, error);
  }
}

/** The log on SQLite: a reader that also appends, through `GroupCommit` and `Writer`. */
class SqliteLog extends Reader implements EventLog {
  readonly #database: LogFile['database'];
  readonly #tables: Tables;
  readonly #writer: Writer;
  readonly #commits: GroupCommit;
  readonly #acknowledged: AcknowledgedPosition | undefined;
  readonly #listeners = new Set<CommitListener>();

  constructor({ database, acknowledged }: LogFile, onError: (sentence: string) => void) {
    const tables = new Tables(database);
    const streams = new Streams(tables);
    super(tables, streams);
    this.#acknowledged = acknowledged;
    this.#database = database;
    this.#tables = tables;
    this.#writer = new Writer(tables, streams);
    this.#commits = new GroupCommit({
      tables,
      writer: this.#writer,
      acknowledged,
      onCommitted: (events) => {
        for (const listener of this.#listeners) listener(events);
      },
      onError,
    });
    if (this.lastPosition() === 0) this.#writeFirstEvent();
    acknowledged?.save(this.lastPosition());
  }

  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendOutcome> {
    const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    return this.#commits.enqueue(bytes, (writer) => writer.append(stream, events, expected));
  }

  softDelete(stream: string, expected: ExpectedRevision): Promise<RemoveOutcome> {
    return this.#commits.enqueue(0, (writer) => writer.softDelete(stream, expected));
  }

  tombstone(stream: string, expected: ExpectedRevision): Promise<RemoveOutcome> {
    return this.#commits.enqueue(0, (writer) => writer.tombstone(stream, expected));
  }

  hasPosition(position: number): boolean {
    return this.#tables.hasPosition(position);
  }

  lastPosition(): number {
    return this.#writer.events.lastPosition;
  }

  scavenge(): Scavenge {
    const pass = new ScavengePass(this.#tables, new ScavengeQueries(this.#database));
    return {
      get removed() {
        return pass.removed;
      },
      step: () => {
        if (this.#commits.isClosed) throw new LogClosed();
        try {
          return pass.step();
        } catch (error) {
          throw new LogFailed(error);
        }
      },
    };
  }

  onCommitted(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#commits.isClosed) return;
    this.#commits.close();
    this.#listeners.clear();
    this.#tables.close();
    this.#acknowledged?.close();
  }

  /** The first event of a new EventStoreDB is the metadata of its `$scavenges` stream. */
  #writeFirstEvent(): void {
    const event = jsonEvent(METADATA_TYPE, { $maxAge: 30 * SECONDS_PER_DAY });
    this.#writer.events.begin();
    this.#tables.transaction(() => this.#writer.append('$$$scavenges', [event], 'any'));
  }
}
