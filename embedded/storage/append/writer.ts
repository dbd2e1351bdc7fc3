import { randomUUID } from 'node:crypto';
import {
  METADATA_TYPE,
  type NewEvent,
  type StoredEvent,
  TOMBSTONE_REVISION,
  TOMBSTONE_TYPE,
} from '../event.ts';
import type { AppendOutcome, ExpectedRevision, RemoveOutcome } from '../log.ts';
import { isSoftDeleted, SOFT_DELETED_JSON, withTruncateBefore } from '../stream-metadata.ts';
import { isMetastream, metastreamOf, originalOf } from '../stream-name.ts';
import type { Streams } from '../tables/streams.ts';
import type { Tables } from '../tables/tables.ts';
import { uuidToBytes } from '../uuid.ts';
import { checkAppend } from './append-rules.ts';
import type { RecentIds } from './recent-ids.ts';
import { StoredStreamHistory } from './stream-history.ts';

/** What an event takes in the log beside its name, type and content; keeps positions apart. */
const OVERHEAD_BYTES = 64;
/** How many event ids are remembered from before the log was opened, or a commit failed. */
const LOADED_IDS = 131_072;
const NOTHING = Buffer.alloc(0);

/**
 * Decides and writes, one request after the other, inside a transaction that the caller begins and ends.
 * What was written since `take` is not durable before that transaction is.
 */
export class Writer {
  readonly #tables: Tables;
  readonly #streams: Streams;
  readonly #recent: RecentIds;
  #lastPosition: number;
  #written: StoredEvent[] = [];
  #now = 0;

  constructor(tables: Tables, streams: Streams, recent: RecentIds) {
    this.#tables = tables;
    this.#streams = streams;
    this.#recent = recent;
    this.#lastPosition = tables.lastPosition();
    this.#loadRecentIds();
  }

  /** One clock for all that becomes durable together, and one that never runs backwards. */
  begin(): void {
    this.#now = Math.max(this.#now, Date.now());
    this.#written = [];
  }

  /** The events written since `begin`, in order. */
  take(): readonly StoredEvent[] {
    return this.#written;
  }

  /** The transaction failed: what is in memory is read again. */
  reset(): void {
    this.#streams.clear();
    this.#recent.clear();
    this.#lastPosition = this.#tables.lastPosition();
    this.#written = [];
    this.#loadRecentIds();
  }

  get lastPosition(): number {
    return this.#lastPosition;
  }

  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): AppendOutcome {
    const head = this.#streams.head(stream);
    const ids = events.map(({ id }) => id);
    const decision = checkAppend(this.#history(stream), expected, ids);
    switch (decision.kind) {
      case 'stream-deleted':
        return { status: 'stream-deleted' };
      case 'wrong-revision':
        return { status: 'wrong-revision', current: head };
      case 'repeated':
        return this.#repeated(stream, decision.lastRevision);
      case 'write':
        return events.length === 0
          ? { status: 'written', revision: head, position: this.#lastPosition }
          : this.#write(stream, head, events);
    }
  }

  softDelete(stream: string, expected: ExpectedRevision): RemoveOutcome {
    const refused = this.#refusal(stream, expected);
    if (refused !== undefined) return refused;
    const metastream = metastreamOf(stream);
    if (this.#streams.head(metastream) === TOMBSTONE_REVISION) return { status: 'stream-deleted' };
    if (this.#streams.head(stream) < 0 && this.#streams.head(metastream) < 0) {
      return { status: 'wrong-revision', current: -1 };
    }
    const { position } = this.#insert(metastream, metadataEvent(Buffer.from(SOFT_DELETED_JSON)));
    return { status: 'removed', position };
  }

  tombstone(stream: string, expected: ExpectedRevision): RemoveOutcome {
    const refused = this.#refusal(stream, expected);
    if (refused !== undefined) return refused;
    const event = { id: randomUUID(), type: TOMBSTONE_TYPE, isJson: false, data: NOTHING, metadata: NOTHING };
    const { position } = this.#insert(stream, event, TOMBSTONE_REVISION);
    return { status: 'removed', position };
  }

  #refusal(stream: string, expected: ExpectedRevision): RemoveOutcome | undefined {
    const decision = checkAppend(this.#history(stream), expected, [randomUUID()]);
    if (decision.kind === 'write') return undefined;
    if (decision.kind === 'stream-deleted') return { status: 'stream-deleted' };
    return { status: 'wrong-revision', current: this.#streams.head(stream) };
  }

  #write(stream: string, head: number, events: readonly NewEvent[]): AppendOutcome {
    const comesBack = isSoftDeleted(this.#streams.limits(stream));
    const about = isMetastream(stream) ? originalOf(stream) : undefined;
    const bringsBack = about !== undefined && isSoftDeleted(this.#streams.limits(about));
    let position = this.#lastPosition;
    for (const event of events) position = this.#insert(stream, event).position;
    // A stream written or described after a soft delete is there again, from its old length on.
    if (comesBack) this.#truncate(stream, head + 1);
    if (bringsBack) this.#truncate(about, this.#streams.head(about) + 1);
    return { status: 'written', revision: head + events.length, position };
  }

  #truncate(stream: string, before: number): void {
    const current = this.#streams.metadataEvent(stream);
    const changed = current && withTruncateBefore(current.data, before);
    if (changed) this.#insert(metastreamOf(stream), metadataEvent(changed));
  }

  #repeated(stream: string, revision: number): AppendOutcome {
    const state = this.#streams.find(stream);
    const hidden = revision < this.#streams.limits(stream).truncateBefore;
    const event = state && !hidden ? this.#tables.event(state.id, revision) : undefined;
    return { status: 'repeated', revision, position: event?.position };
  }

  #insert(stream: string, event: NewEvent, revision?: number): StoredEvent {
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
    this.#recent.add(state.id, uuidToBytes(stored.id), stored.position);
    this.#lastPosition = stored.position;
    this.#written.push(stored);
    state.head = stored.revision;
    if (isMetastream(stream)) this.#streams.forgetLimits(originalOf(stream));
    return stored;
  }

  /** Oldest first, so that the newest stay where places are short. */
  #loadRecentIds(): void {
    for (const [position, stream, id] of [...this.#tables.newestIds(LOADED_IDS)].reverse()) {
      this.#recent.add(stream, id, position);
    }
  }

  #history(stream: string): StoredStreamHistory {
    return new StoredStreamHistory(this.#tables, this.#streams, this.#recent, stream);
  }
}

const metadataEvent = (data: Buffer): NewEvent => ({
  id: randomUUID(),
  type: METADATA_TYPE,
  isJson: true,
  data,
  metadata: NOTHING,
});
