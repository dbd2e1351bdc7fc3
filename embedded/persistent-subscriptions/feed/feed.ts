import type { StoredEvent } from '../../storage/event.ts';
import { RegexTooExpensive } from '../../storage/filter/regex/errors.ts';
import type { Delivery } from '../delivery.ts';
import type { Group } from '../group/group.ts';
import type { Source } from './source.ts';

/** Minimum number of events that a page checks, since a filter may match few of them. */
const CHECKED_PER_PAGE = 200;
/** After this number of checked events, other work of the node gets a turn. */
const CHECKED_PER_TURN = 2000;

export interface FeedOptions {
  source: Source;
  group: Group<Delivery>;
  deliver: (event: StoredEvent, position: number) => Delivery;
  startAfter: number;
  /** Called when the regular expression of the filter is too expensive for an event; the feed is then closed. */
  onFailed: () => void;
}

/**
 * Fills a group's buffers: with pages of the log until it has caught up, then with events as they are committed. If more
 * events are committed than the live buffer includes, it reads pages again.
 */
export class Feed {
  readonly #source: Source;
  readonly #group: Group<Delivery>;
  readonly #deliver: FeedOptions['deliver'];
  readonly #onFailed: FeedOptions['onFailed'];
  #cursor: number;
  #live = false;
  #filling = false;
  #later: NodeJS.Immediate | undefined;

  constructor({ source, group, deliver, startAfter, onFailed }: FeedOptions) {
    this.#source = source;
    this.#group = group;
    this.#deliver = deliver;
    this.#cursor = startAfter;
    this.#onFailed = onFailed;
  }

  get live(): boolean {
    return this.#live;
  }

  /** Reads pages until the buffer has no room for a batch, or until the end of the log. */
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

  /** Accepts newly committed events; skips those already read. */
  onCommitted(events: readonly StoredEvent[]): void {
    if (this.#live) this.#orFail(() => this.#accept(events));
  }

  #accept(events: readonly StoredEvent[]): void {
    const fresh = events.filter((event) => this.#source.positionOf(event) > this.#cursor);
    const last = fresh.at(-1);
    if (!last) return;
    const wanted = fresh.filter((event) => this.#source.includes(event));
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
      this.#onFailed();
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
    if (deliveries.at(-1)?.position !== last) this.#group.skipTo(last, checked - events.length);
  }
}
