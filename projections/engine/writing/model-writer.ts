import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { RecordedEvent } from '../../../event-store/codec/recorded-event.ts';
import { refOf } from '../../../event-store/watch/event-ref.ts';
import type { CheckpointEvent, Generation, Stored } from '../../../read-store/read-store.ts';
import type { Projection } from '../../projection.ts';
import { retryWhileUnavailable, type WritePermission, WritingEnded } from '../lease/write-permission.ts';
import { isAfter, type LogPosition, latest } from '../positions.ts';
import { documentSize } from './document-size.ts';
import { evolveBatch, type Poison, poisonOf, touchedBy } from './evolve-batch.ts';

/**
 * Limits of the cache of recently written documents, which serves documents that many consecutive events change. A larger
 * cache saves no time, and a rebuild of all read models has eighteen of them.
 */
const CACHE_LIMITS = { max: 500, maxSize: 1_000_000, sizeCalculation: documentSize };

/** Number of events stored with a checkpoint; several, since the stream of one may be deleted and scavenged. */
const LAST_EVENTS = 3;

/**
 * Writes one generation of a read model. Cached documents may be older than the stored ones if another writer was still
 * active; the store then ignores the older writes (by position), and the same events lead to the same documents.
 */
export class ModelWriter {
  readonly projection: Projection;
  readonly generation: Generation<unknown>;
  readonly #writing: WritePermission;
  readonly #cache = new LRUCache<string, Stored<unknown>>(CACHE_LIMITS);
  /**
   * Runs one commit at a time. Of two that overlap, a store can keep the lower checkpoint: FerretDB 1 does not update
   * atomically, and MongoDB rejects the second of two inserts. The stored checkpoint would then stay behind.
   */
  readonly #oneCommit = pLimit(1);
  #position: LogPosition;
  #saved: LogPosition;
  #events = 0;
  /** The last events that it received, each from another stream. */
  #lastEvents: readonly CheckpointEvent[];

  /**
   * `checkpoint` and `lastEvents` come from the generation. The writer continues after the last of these events, since the
   * log may have been restored to a position between that event and the checkpoint.
   */
  constructor(
    projection: Projection,
    generation: Generation<unknown>,
    checkpoint: LogPosition,
    lastEvents: readonly CheckpointEvent[],
    writing: WritePermission,
  ) {
    this.projection = projection;
    this.generation = generation;
    this.#lastEvents = lastEvents;
    this.#position = lastEvents[0]?.position ?? checkpoint;
    this.#saved = checkpoint;
    this.#writing = writing;
  }

  get name(): string {
    return this.projection.name;
  }

  /** The documents contain all events up to this position. The stored checkpoint may be slightly behind. */
  get position(): LogPosition {
    return this.#position;
  }

  /** Number of events applied. */
  get events(): number {
    return this.#events;
  }

  /**
   * Applies events to documents and writes them with the checkpoint `end`; when an event cannot be handled, with the
   * checkpoint before it. Skips events that it already contains. Throws `WritingEnded`.
   */
  async apply(events: readonly RecordedEvent[], end: LogPosition): Promise<Poison | undefined> {
    const newEvents = events.filter(({ position }) => isAfter(position, this.#position));
    try {
      const poison = await this.#apply(newEvents, end);
      this.#events += newEvents.length;
      return poison;
    } catch (error) {
      if (error instanceof WritingEnded) throw error;
      const [first, ...others] = newEvents;
      if (first === undefined) throw error;
      // The store rejects a document: apply the events one by one to find the cause.
      if (others.length === 0) return poisonOf(first, error);
      for (const recorded of newEvents) {
        const poison = await this.apply([recorded], recorded.position);
        if (poison !== undefined) return poison;
      }
      this.advance(end);
      return undefined;
    }
  }

  /** Advances the position: up to there, no further event concerns this read model. */
  advance(position: LogPosition): void {
    this.#position = latest(this.#position, position);
  }

  /** Stores the checkpoint if the position has advanced without a document to write. Tries once, also while stopping. */
  saveCheckpoint(): Promise<void> {
    return this.#oneCommit(async () => {
      const position = this.#position;
      if (position === undefined || !isAfter(position, this.#saved) || !this.#writing.isHeld()) return;
      await this.generation.commit([], position, this.#lastEvents);
      this.#saved = latest(this.#saved, position);
    });
  }

  async #apply(newEvents: readonly RecordedEvent[], end: LogPosition): Promise<Poison | undefined> {
    const { projection } = this;
    const loaded =
      projection.growsOnly === true ? new Map() : await this.#load(touchedBy(projection, newEvents));
    const { changed, poison, before } = evolveBatch(projection, newEvents, loaded);
    const reached = poison === undefined ? end : before;
    this.#remember(newEvents.findLast(({ position }) => !isAfter(position, reached)));
    if (changed.size > 0 && reached !== undefined) {
      await this.#commit([...changed.values()], reached);
      if (projection.growsOnly !== true) for (const [id, document] of changed) this.#cache.set(id, document);
    }
    this.advance(reached);
    return poison;
  }

  #remember(last: RecordedEvent | undefined): void {
    if (last === undefined) return;
    const others = this.#lastEvents.filter(({ stream }) => stream !== last.stream);
    this.#lastEvents = [refOf(last), ...others].slice(0, LAST_EVENTS);
  }

  async #load(ids: ReadonlySet<string>): Promise<Map<string, Stored<unknown>>> {
    const documents = new Map<string, Stored<unknown>>();
    const missing: string[] = [];
    for (const id of ids) {
      const cached = this.#cache.get(id);
      if (cached === undefined) missing.push(id);
      else documents.set(id, cached);
    }
    if (missing.length === 0) return documents;
    const loaded = await retryWhileUnavailable(this.#writing, () => this.generation.load(missing));
    for (const [id, document] of loaded) documents.set(id, document);
    return documents;
  }

  #commit(documents: readonly Stored<unknown>[], checkpoint: NonNullable<LogPosition>): Promise<void> {
    return this.#oneCommit(async () => {
      await retryWhileUnavailable(this.#writing, () =>
        this.generation.commit(documents, checkpoint, this.#lastEvents),
      );
      this.#saved = latest(this.#saved, checkpoint);
    });
  }
}
