import type { StoredEvent } from '../../../storage/event.ts';
import type { EventLog } from '../../../storage/log.ts';
import type { Cursor, CursorPage, Delivery } from './cursor.ts';

/** Follows one stream. */
export class StreamCursor implements Cursor {
  readonly stream: string;
  readonly #log: EventLog;
  #next: number;

  /** @param next revision to start from */
  constructor(log: EventLog, stream: string, next: number) {
    this.#log = log;
    this.stream = stream;
    this.#next = next;
  }

  read(limit: number): CursorPage {
    const page = this.#log.readStreamForwards(this.stream, this.#next, limit);
    const state =
      page.status === 'deleted' ? 'deleted' : page.next === undefined ? ('end' as const) : ('more' as const);
    const deliveries = page.events.map((event): Delivery => ({ kind: 'event', event }));
    this.#next = (page.events.at(-1)?.revision ?? this.#next - 1) + 1;
    return { deliveries, events: page.events, checked: page.events.length, state };
  }

  /** Skips revisions before the start, and revisions that were already sent. */
  offer(event: StoredEvent): readonly Delivery[] {
    if (event.revision < this.#next) return [];
    this.#next = event.revision + 1;
    return [{ kind: 'event', event }];
  }

  fallBehind(): readonly Delivery[] {
    return [];
  }
}
