import { LINK_TYPE, type StoredEvent, TOMBSTONE_REVISION } from '../event.ts';
import type { EventFilter } from '../filter/filter.ts';
import type { AllPage, StreamPage } from '../log.ts';
import { isSoftDeleted } from '../stream-metadata.ts';
import { isMetastream, originalOf } from '../stream-name.ts';
import type { StreamState, Streams } from '../tables/streams.ts';
import type { Tables } from '../tables/tables.ts';
import { firstVisibleRevision } from './first-visible-revision.ts';

/** Reads the log without the events that metadata and deletions hide. */
export class Reader {
  readonly #tables: Tables;
  readonly #streams: Streams;

  constructor(tables: Tables, streams: Streams) {
    this.#tables = tables;
    this.#streams = streams;
  }

  readStreamForwards(name: string, from: number, limit: number): StreamPage {
    const stream = this.#visible(name);
    if (typeof stream === 'string') return emptyPage(stream);
    const start = Math.max(from, this.#firstVisible(stream));
    const events = start > stream.head ? [] : this.#tables.pages.streamForwards(stream.id, start, limit);
    const last = events.at(-1)?.revision;
    const next = last !== undefined && last < stream.head ? last + 1 : undefined;
    return { status: 'found', events, next, last: stream.head };
  }

  readStreamBackwards(name: string, from: number, limit: number): StreamPage {
    const stream = this.#visible(name);
    if (typeof stream === 'string') return emptyPage(stream);
    const first = this.#firstVisible(stream);
    const start = Math.min(from, stream.head);
    const events = start < first ? [] : this.#tables.pages.streamBackwards(stream.id, start, first, limit);
    const last = events.at(-1)?.revision;
    const next = last !== undefined && last > first ? last - 1 : undefined;
    return { status: 'found', events, next, last: stream.head };
  }

  readAllForwards(after: number, limit: number, filter?: EventFilter): AllPage {
    return this.#all(after, limit, filter, true);
  }

  readAllBackwards(before: number, limit: number, filter?: EventFilter): AllPage {
    return this.#all(Math.min(before, Number.MAX_SAFE_INTEGER), limit, filter, false);
  }

  headRevision(name: string): number {
    if (isMetastream(name) && this.#streams.head(originalOf(name)) === TOMBSTONE_REVISION) {
      return TOMBSTONE_REVISION;
    }
    return this.#streams.head(name);
  }

  resolveLink(event: StoredEvent): StoredEvent | undefined {
    const target = event.type === LINK_TYPE ? targetOf(event.data) : undefined;
    if (target === undefined) return event;
    return this.readStreamForwards(target.stream, target.revision, 1).events.find(
      ({ revision }) => revision === target.revision,
    );
  }

  #all(from: number, limit: number, filter: EventFilter | undefined, forwards: boolean): AllPage {
    if (filter) return this.#filtered(from, limit, filter, forwards);
    const page = this.#tables.pages.all(from, limit, forwards);
    const positions = page.events.map(({ position }) => position);
    return { events: page.events, positions, next: positions.at(-1), atEnd: !page.isPartial };
  }

  #filtered(from: number, limit: number, filter: EventFilter, forwards: boolean): AllPage {
    const { positions, matching, isComplete } = this.#tables.pages.scan(from, limit, filter, forwards);
    const events = matching.length > 0 ? this.#tables.pages.eventsAt(matching, forwards).events : [];
    const atEnd = isComplete && positions.length < limit;
    if (events.length === matching.length) return { events, positions, next: positions.at(-1), atEnd };
    // The events are large: the next page reads the rest.
    const last = events.at(-1)?.position;
    const checked = positions.slice(0, positions.indexOf(last ?? 0) + 1);
    return { events, positions: checked, next: last, atEnd: false };
  }

  #visible(name: string): StreamState | 'missing' | 'deleted' {
    if (this.headRevision(name) === TOMBSTONE_REVISION) return 'deleted';
    const stream = this.#streams.find(name);
    if (stream === undefined || stream.head < 0) return 'missing';
    return isSoftDeleted(this.#streams.limits(name)) ? 'missing' : stream;
  }

  #firstVisible(stream: StreamState): number {
    return firstVisibleRevision(this.#tables, stream, this.#streams.limits(stream.name), Date.now());
  }
}

const emptyPage = (status: 'missing' | 'deleted'): StreamPage => ({
  status,
  events: [],
  next: undefined,
  last: status === 'deleted' ? TOMBSTONE_REVISION : -1,
});

const LINK = /^(\d+)@(.*)$/s;

function targetOf(data: Uint8Array): { stream: string; revision: number } | undefined {
  const match = LINK.exec(Buffer.from(data).toString());
  const [, revision, stream] = match ?? [];
  return revision === undefined || stream === undefined ? undefined : { revision: Number(revision), stream };
}
