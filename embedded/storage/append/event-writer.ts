import type { NewEvent, StoredEvent } from '../event.ts';
import { isMetastream, originalOf } from '../stream-name.ts';
import type { Streams } from '../tables/streams.ts';
import type { Tables } from '../tables/tables.ts';
import { uuidToBytes } from '../uuid.ts';
import { RecentIds } from './recent-ids.ts';

/** Added to the size of an event, so that positions of empty events differ too. */
const OVERHEAD_BYTES = 64;
/** Number of event ids that are loaded when the log is opened or after a failed commit. */
const LOADED_IDS = 131_072;

/** Writes events inside a transaction of the caller: gives each its position, revision and time. */
export class EventWriter {
  readonly recent = new RecentIds();
  readonly #tables: Tables;
  readonly #streams: Streams;
  #lastPosition: number;
  #written: StoredEvent[] = [];
  #now = 0;

  constructor(tables: Tables, streams: Streams) {
    this.#tables = tables;
    this.#streams = streams;
    this.#lastPosition = tables.lastPosition();
    this.#loadRecentIds();
  }

  /** Call before each transaction. All its events get the same time, which never goes back. */
  begin(): void {
    this.#now = Math.max(this.#now, Date.now());
    this.#written = [];
  }

  /** The events written since `begin`, in order. */
  get written(): readonly StoredEvent[] {
    return this.#written;
  }

  get lastPosition(): number {
    return this.#lastPosition;
  }

  /** Call after a failed transaction: clears the caches and loads them again. */
  reset(): void {
    this.#streams.clear();
    this.recent.clear();
    this.#lastPosition = this.#tables.lastPosition();
    this.#written = [];
    this.#loadRecentIds();
  }

  /** Writes an event at the end of its stream, or at the given revision. */
  write(stream: string, event: NewEvent, revision?: number): StoredEvent {
    const state = this.#streams.findOrCreate(stream);
    const size =
      OVERHEAD_BYTES + stream.length + event.type.length + event.metadata.length + event.data.length;
    const stored: StoredEvent = {
      position: this.#lastPosition + size,
      stream,
      revision: revision ?? state.head + 1,
      created: this.#now,
      id: event.id,
      type: event.type,
      isJson: event.isJson,
      data: event.data,
      metadata: event.metadata,
    };
    this.#tables.insertEvent(state.id, stored);
    this.recent.add(state.id, uuidToBytes(stored.id), stored.position);
    this.#lastPosition = stored.position;
    this.#written.push(stored);
    state.head = stored.revision;
    if (isMetastream(stream)) this.#streams.forgetLimits(originalOf(stream));
    return stored;
  }

  /** Oldest first, so that the newest ids replace older ones. */
  #loadRecentIds(): void {
    for (const [position, stream, id] of [...this.#tables.newestIds(LOADED_IDS)].reverse()) {
      this.recent.add(stream, id, position);
    }
  }
}
