import { TOMBSTONE_REVISION } from '../event.ts';
import { firstVisibleRevision } from '../read/first-visible-revision.ts';
import {
  isSoftDeleted,
  limitsFrom,
  METASTREAM_LIMITS,
  NO_LIMITS,
  type StreamLimits,
} from '../stream-metadata.ts';
import { isMetastream, metastreamOf, originalOf } from '../stream-name.ts';
import type { Tables } from '../tables/tables.ts';
import type { Candidate, ScavengeQueries } from './scavenge-queries.ts';

/** Limits of one step, since appends and reads wait until it ends. */
const STREAMS_PER_STEP = 500;
const EVENTS_PER_STEP = 200;
const BYTES_PER_STEP = 1024 * 1024;
const MS_PER_STEP = 5;
const PAGES_PER_STEP = 64;

/**
 * One pass over the log that removes events that no read of a stream returns, and frees their space. The last event of
 * every stream stays, so that revisions and positions continue. Each step is a separate transaction: after a pass that
 * stopped early, the log is consistent and the next pass finishes the work.
 */
export class ScavengePass {
  readonly #tables: Tables;
  readonly #queries: ScavengeQueries;
  readonly #lastStream: number;
  /** Streams up to this row id were checked. */
  #after = 0;
  #candidates: Candidate[] = [];
  #events = 0;
  #bytes = 0;

  constructor(tables: Tables, queries: ScavengeQueries) {
    this.#tables = tables;
    this.#queries = queries;
    this.#lastStream = tables.lastStreamId();
  }

  /** Number of events removed so far, and bytes by which the file becomes smaller. */
  get removed(): { events: number; bytes: number } {
    return { events: this.#events, bytes: this.#bytes };
  }

  /** Does the next step; returns false when nothing is left. A step that throws the database's error has no effect. */
  step(): boolean {
    if (this.#candidates.length > 0) this.#removeSome();
    else if (this.#after < this.#lastStream) this.#findCandidates();
    else if (this.#tables.scavenged.trim(EVENTS_PER_STEP) > 0) return true;
    else if (this.#queries.freePages() > 0) this.#bytes += this.#queries.returnPages(PAGES_PER_STEP);
    else {
      this.#queries.checkpoint();
      return false;
    }
    return true;
  }

  #findCandidates(): void {
    const upTo = this.#after + STREAMS_PER_STEP;
    const found = this.#queries.candidates(this.#after, upTo);
    this.#candidates = found.flatMap((candidate) => [candidate, ...this.#originalOf(candidate)]);
    this.#after = upTo;
  }

  /** Returns the stream that a metastream describes. */
  #originalOf({ name }: Candidate): Candidate[] {
    if (!isMetastream(name)) return [];
    const original = originalOf(name);
    const id = this.#tables.streamId(original);
    return id === undefined ? [] : [{ id, name: original }];
  }

  #removeSome(): void {
    let [done, events, bytes] = [0, 0, 0];
    const until = performance.now() + MS_PER_STEP;
    try {
      this.#tables.transaction(() => {
        for (const candidate of this.#candidates) {
          const left = { events: EVENTS_PER_STEP - events, bytes: BYTES_PER_STEP - bytes };
          const removed = this.#remove(candidate, left);
          events += removed.events;
          bytes += removed.bytes;
          if (!removed.isAll) break;
          done += 1;
          if (performance.now() > until) break;
        }
      });
    } finally {
      this.#tables.scavenged.refresh();
    }
    this.#candidates = this.#candidates.slice(done);
    this.#events += events;
  }

  #remove({ id, name }: Candidate, left: { events: number; bytes: number }) {
    const before = this.#firstKept(id, name);
    const oldest = this.#queries.oldest(id, before, left.events + 1);
    let [events, bytes] = [0, 0];
    while (events < Math.min(oldest.length, left.events) && bytes < left.bytes)
      bytes += oldest[events++]?.[1] ?? 0;
    const [from, to] = [oldest[0]?.[0], oldest[events - 1]?.[0]];
    if (from !== undefined && to !== undefined) {
      this.#tables.scavenged.add(id, from, to);
      this.#queries.remove(id, from, to);
    }
    return { events, bytes, isAll: events === oldest.length };
  }

  /** Returns the first revision to keep; for a deleted stream, only the last event. */
  #firstKept(id: number, name: string): number {
    const head = this.#tables.head(id);
    const limits = this.#limits(name);
    if (head === TOMBSTONE_REVISION || isSoftDeleted(limits)) return head;
    return Math.min(head, firstVisibleRevision(this.#tables, { id, head }, limits, Date.now()));
  }

  /** Reads from the tables, since a pass over all streams must not evict cached streams that are in use. */
  #limits(name: string): StreamLimits {
    if (isMetastream(name)) return METASTREAM_LIMITS;
    const metastream = this.#tables.streamId(metastreamOf(name));
    const head = metastream === undefined ? -1 : this.#tables.head(metastream);
    if (metastream === undefined || head < 0 || head === TOMBSTONE_REVISION) return NO_LIMITS;
    return limitsFrom(this.#tables.event(metastream, head));
  }
}
