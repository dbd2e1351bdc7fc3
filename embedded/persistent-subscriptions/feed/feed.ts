import type { StoredEvent } from '../../storage/event.ts';
import { RegexTooExpensive } from '../../storage/filter/regex/errors.ts';
import type { Delivery } from '../delivery.ts';
import type { Group } from '../group/group.ts';
import type { Source } from './source.ts';

/** A filter may pass over much: a page looks at this many events even where a batch is smaller. */
const CHECKED_PER_PAGE = 200;
/** Then other work of the node gets its turn. */
const CHECKED_PER_TURN = 2000;

export interface FeedOptions {
  source: Source;
  group: Group<Delivery>;
  deliver: (event: StoredEvent, position: number) => Delivery;
  startAfter: number;
  /** The source can no longer be read: the regular expression of its filter is too expensive for an event. */
  failed: () => void;
}

/**
 * Keeps a group's buffers filled: with pages of the log as long as it is behind, with events as they are committed once
 * it has caught up. When more is committed than the live buffer takes, it falls back to reading pages.
 */
export class Feed {
  readonly #source: Source;
  readonly #group: Group<Delivery>;
  readonly #deliver: FeedOptions['deliver'];
  readonly #failed: FeedOptions['failed'];
  #cursor: number;
  #live = false;
  #filling = false;
  #later: NodeJS.Immediate | undefined;

  constructor({ source, group, deliver, startAfter, failed }: FeedOptions) {
    this.#source = source;
    this.#group = group;
    this.#deliver = deliver;
    this.#cursor = startAfter;
    this.#failed = failed;
  }

  get live(): boolean {
    return this.#live;
  }

  /** Reads as long as there is room for another batch, or until the end of the log. */
  fill(): void {
    if (this.#live || this.#filling || this.#later) return;
    this.#orFail(() => this.#fill());
  }

  #fill(): void {
    this.#filling = true;
    const batch = Math.max(1, this.#group.settings.readBatchSize);
    let checked = 0;
    while (!this.#live && checked < CHECKED_PER_TURN && this.#group.room.history >= batch) {
      checked += this.#readPage(Math.min(this.#group.room.history, Math.max(batch, CHECKED_PER_PAGE)));
    }
    this.#filling = false;
    if (checked < CHECKED_PER_TURN) return;
    this.#later = setImmediate(() => {
      this.#later = undefined;
      this.fill();
    });
  }

  /** What was just committed; events already read are passed over. */
  committed(events: readonly StoredEvent[]): void {
    if (this.#live) this.#orFail(() => this.#take(events));
  }

  #take(events: readonly StoredEvent[]): void {
    const fresh = events.filter((event) => this.#source.positionOf(event) > this.#cursor);
    const last = fresh.at(-1);
    if (!last) return;
    const wanted = fresh.filter((event) => this.#source.holds(event));
    if (wanted.length > this.#group.room.live) {
      this.#live = false;
      this.fill();
      return;
    }
    this.#advance(wanted, this.#source.positionOf(last), fresh.length, 'live');
  }

  close(): void {
    this.#live = false;
    this.#filling = true;
    clearImmediate(this.#later);
  }

  #orFail(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof RegexTooExpensive)) throw error;
      this.close();
      this.#failed();
    }
  }

  #readPage(limit: number): number {
    const { events, last, checked, atEnd } = this.#source.read(this.#cursor, limit);
    this.#live = atEnd;
    this.#advance(events, last, checked, 'history');
    return checked;
  }

  #advance(events: readonly StoredEvent[], last: number, checked: number, origin: 'history' | 'live'): void {
    this.#cursor = last;
    const deliveries = events.map((event) => this.#deliver(event, this.#source.positionOf(event)));
    if (deliveries.length) this.#group.read(deliveries, origin);
    if (deliveries.at(-1)?.position !== last) this.#group.passed(last, checked - events.length);
  }
}
