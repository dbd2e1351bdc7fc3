import { randomUUID } from 'node:crypto';
import { METADATA_TYPE, type NewEvent, TOMBSTONE_REVISION, TOMBSTONE_TYPE } from '../event.ts';
import type { AppendOutcome, ExpectedRevision, RemoveOutcome } from '../log.ts';
import { isSoftDeleted, SOFT_DELETED_JSON, withTruncateBefore } from '../stream-metadata.ts';
import { isMetastream, metastreamOf, originalOf } from '../stream-name.ts';
import type { Streams } from '../tables/streams.ts';
import type { Tables } from '../tables/tables.ts';
import { checkAppend } from './append-rules.ts';
import { EventWriter } from './event-writer.ts';
import { StoredStreamHistory } from './stream-history.ts';

const NOTHING = Buffer.alloc(0);

/** Decides on requests and writes them one after another, inside a transaction of the caller. */
export class Writer {
  readonly events: EventWriter;
  readonly #tables: Tables;
  readonly #streams: Streams;

  constructor(tables: Tables, streams: Streams) {
    this.#tables = tables;
    this.#streams = streams;
    this.events = new EventWriter(tables, streams);
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
          ? { status: 'written', revision: head, position: this.events.lastPosition }
          : this.#write(stream, head, events);
    }
  }

  softDelete(stream: string, expected: ExpectedRevision): RemoveOutcome {
    const rejection = this.#rejection(stream, expected);
    if (rejection !== undefined) return rejection;
    const metastream = metastreamOf(stream);
    if (this.#streams.head(metastream) === TOMBSTONE_REVISION) return { status: 'stream-deleted' };
    if (this.#streams.head(stream) < 0 && this.#streams.head(metastream) < 0) {
      return { status: 'wrong-revision', current: -1 };
    }
    const { position } = this.events.write(metastream, metadataEvent(Buffer.from(SOFT_DELETED_JSON)));
    return { status: 'removed', position };
  }

  tombstone(stream: string, expected: ExpectedRevision): RemoveOutcome {
    const rejection = this.#rejection(stream, expected);
    if (rejection !== undefined) return rejection;
    const event = { id: randomUUID(), type: TOMBSTONE_TYPE, isJson: false, data: NOTHING, metadata: NOTHING };
    const { position } = this.events.write(stream, event, TOMBSTONE_REVISION);
    return { status: 'removed', position };
  }

  #rejection(stream: string, expected: ExpectedRevision): RemoveOutcome | undefined {
    const decision = checkAppend(this.#history(stream), expected, [randomUUID()]);
    if (decision.kind === 'write') return undefined;
    if (decision.kind === 'stream-deleted') return { status: 'stream-deleted' };
    return { status: 'wrong-revision', current: this.#streams.head(stream) };
  }

  #write(stream: string, head: number, events: readonly NewEvent[]): AppendOutcome {
    const wasDeleted = isSoftDeleted(this.#streams.limits(stream));
    const original = isMetastream(stream) ? originalOf(stream) : undefined;
    const originalWasDeleted = original !== undefined && isSoftDeleted(this.#streams.limits(original));
    let position = this.events.lastPosition;
    for (const event of events) position = this.events.write(stream, event).position;
    // An append or new metadata after a soft delete restores the stream, without its earlier events.
    if (wasDeleted) this.#truncate(stream, head + 1);
    if (originalWasDeleted) this.#truncate(original, this.#streams.head(original) + 1);
    return { status: 'written', revision: head + events.length, position };
  }

  #truncate(stream: string, before: number): void {
    const current = this.#streams.metadataEvent(stream);
    const changed = current && withTruncateBefore(current.data, before);
    if (changed) this.events.write(metastreamOf(stream), metadataEvent(changed));
  }

  #repeated(stream: string, revision: number): AppendOutcome {
    const state = this.#streams.find(stream);
    const isHidden = revision < this.#streams.limits(stream).truncateBefore;
    const event = state && !isHidden ? this.#tables.event(state.id, revision) : undefined;
    return { status: 'repeated', revision, position: event?.position };
  }

  #history(stream: string): StoredStreamHistory {
    return new StoredStreamHistory(this.#tables, this.#streams, this.events.recent, stream);
  }
}

const metadataEvent = (data: Buffer): NewEvent => ({
  id: randomUUID(),
  type: METADATA_TYPE,
  isJson: true,
  data,
  metadata: NOTHING,
});
