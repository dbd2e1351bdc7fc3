import { LRUCache } from 'lru-cache';
import { type StoredEvent, TOMBSTONE_REVISION } from '../event.ts';
import { limitsFrom, METASTREAM_LIMITS, NO_LIMITS, type StreamLimits } from '../stream-metadata.ts';
import { isMetastream, metastreamOf } from '../stream-name.ts';
import type { Tables } from './tables.ts';

/** The cached state of one stream. */
export interface StreamState {
  readonly id: number;
  readonly name: string;
  /** The last revision, including uncommitted events; -1 for an empty stream. */
  head: number;
  /** Undefined until first read. */
  limits: StreamLimits | undefined;
}

const MAX_CACHED = 50_000;

/** Returns the last revisions and limits of streams, with a cache of the most recently used ones. */
export class Streams {
  readonly #tables: Tables;
  readonly #states = new LRUCache<string, StreamState>({ max: MAX_CACHED });
  #lastId: number;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#lastId = tables.lastStreamId();
  }

  /** Returns undefined for a stream that was never written. */
  find(name: string): StreamState | undefined {
    const known = this.#states.get(name);
    if (known !== undefined) return known;
    const id = this.#tables.streamId(name);
    if (id === undefined) return undefined;
    const state = { id, name, head: this.#tables.head(id), limits: undefined };
    this.#states.set(name, state);
    return state;
  }

  /** Call within a transaction, since it may write. */
  findOrCreate(name: string): StreamState {
    const found = this.find(name);
    if (found !== undefined) return found;
    this.#lastId += 1;
    this.#tables.insertStream(this.#lastId, name);
    const state = { id: this.#lastId, name, head: -1, limits: undefined };
    this.#states.set(name, state);
    return state;
  }

  head(name: string): number {
    return this.find(name)?.head ?? -1;
  }

  /** Returns the limits in the newest metadata, also for a stream that was never written. */
  limits(name: string): StreamLimits {
    const state = this.find(name);
    if (state === undefined) return this.#readLimits(name);
    state.limits ??= this.#readLimits(name);
    return state.limits;
  }

  /** Call when the metadata of a stream changed; they are then read again. */
  forgetLimits(name: string): void {
    const state = this.#states.get(name);
    if (state !== undefined) state.limits = undefined;
  }

  /** Returns the newest metadata event of a stream. */
  metadataEvent(name: string): StoredEvent | undefined {
    const metastream = this.find(metastreamOf(name));
    if (metastream === undefined || metastream.head < 0 || metastream.head === TOMBSTONE_REVISION) {
      return undefined;
    }
    return this.#tables.event(metastream.id, metastream.head);
  }

  /** Call after a rollback, when the cache may contain uncommitted values. */
  clear(): void {
    this.#states.clear();
    this.#lastId = this.#tables.lastStreamId();
  }

  #readLimits(name: string): StreamLimits {
    if (isMetastream(name)) return METASTREAM_LIMITS;
    const event = this.metadataEvent(name);
    return event === undefined ? NO_LIMITS : limitsFrom(event);
  }
}
