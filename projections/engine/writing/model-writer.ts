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
 * Documents kept at hand between batches, as they were last written: those that many events in a row are about. More of
 * them save no time, and a rebuild of all keeps them eighteen times.
 */
const HOT = { max: 500, maxSize: 1_000_000, sizeCalculation: documentSize };

/** Number of events stored with a checkpoint; several, since the stream of one may be deleted and scavenged. */
const LAST_EVENTS = 3;

/**
 * One read model being written. What it keeps at hand may be older than what is stored, if a late writer was faster; its
 * writes are then lost to the fence, and it gets to the same documents by the same events.
 */
export class ModelWriter {
  readonly projection: Projection;
  readonly generation: Generation<unknown>;
  readonly #writing: WritePermission;
  readonly #hot = new LRUCache<string, Stored<unknown>>(HOT);
  /**
   * Runs one commit at a time. Of two that overlap, a store can keep the lower checkpoint: FerretDB 1 does not update
   * atomically, and MongoDB rejects the second of two inserts. The stored checkpoint would then stay behind.
   */
  readonly #oneCommit = pLimit(1);
  #position: LogPosition;
  #saved: LogPosition;
  #events = 0;
  /** The last events that it received, each of another stream. */
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

  /** Every document is readable as of this position. The stored checkpoint may be a little behind. */
  get position(): LogPosition {
    return this.#position;
  }

  /** How many events it has taken. */
  get events(): number {
    return this.#events;
  }

  /**
   * Folds events into documents and writes them with the checkpoint `end`, or, when an event cannot be handled, as of the
   * event before it. Events that it already has are passed over. Throws `WritingEnded`.
   */
  async apply(events: readonly RecordedEvent[], end: LogPosition): Promise<Poison | undefined> {
    const news = events.filter(({ position }) => isAfter(position, this.#position));
    try {
      const poison = await this.#apply(news, end);
      this.#events += news.length;
      return poison;
    } catch (error) {
      if (error instanceof WritingEnded) throw error;
      const [first, ...others] = news;
      if (first === undefined) throw error;
      // Documents that the store refuses: by single events, so that the one to blame is found.
      if (others.length === 0) return poisonOf(first, error);
      for (const recorded of news) {
        const poison = await this.apply([recorded], recorded.position);
        if (poison !== undefined) return poison;
      }
      this.passed(end);
      return undefined;
    }
  }

  /** There is nothing for this model up to here. */
  passed(position: LogPosition): void {
    this.#position = latest(this.#position, position);
  }

  /** Stores the checkpoint of a model that moved on without writing any document; once, also when stopping. */
  saveCheckpoint(): Promise<void> {
    return this.#oneCommit(async () => {
      const position = this.#position;
      if (position === undefined || !isAfter(position, this.#saved) || !this.#writing.isHeld()) return;
      await this.generation.commit([], position, this.#lastEvents);
      this.#saved = latest(this.#saved, position);
    });
  }

  async #apply(news: readonly RecordedEvent[], end: LogPosition): Promise<Poison | undefined> {
    const { projection } = this;
    const loaded = projection.growsOnly === true ? new Map() : await this.#load(touchedBy(projection, news));
    const { changed, poison, before } = evolveBatch(projection, news, loaded);
    const reached = poison === undefined ? end : before;
    this.#remember(news.findLast(({ position }) => !isAfter(position, reached)));
    if (changed.size > 0 && reached !== undefined) {
      await this.#commit([...changed.values()], reached);
      if (projection.growsOnly !== true) for (const [id, document] of changed) this.#hot.set(id, document);
    }
    this.passed(reached);
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
      const hot = this.#hot.get(id);
      if (hot === undefined) missing.push(id);
      else documents.set(id, hot);
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
