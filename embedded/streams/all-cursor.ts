import type { StoredEvent } from '../storage/event.ts';
import type { EventLog } from '../storage/log.ts';
import type { Cursor, CursorPage, Delivery } from './cursor.ts';
import type { FilterPlan } from './read-plan.ts';

/**
 * Follows the whole log, or what a filter lets through. With a filter, a checkpoint comes with every so many events
 * looked at, matching or not, counted on from reading into live.
 */
export class AllCursor implements Cursor {
  readonly stream = undefined;
  readonly #log: EventLog;
  readonly #filter: FilterPlan | undefined;
  #after: number;
  #sinceCheckpoint = 0;

  /** @param after the position before the first one wanted */
  constructor(log: EventLog, after: number, filter: FilterPlan | undefined) {
    this.#log = log;
    this.#after = after;
    this.#filter = filter;
  }

  read(limit: number): CursorPage {
    const { events } = this.#log.readAllForwards(this.#after, limit);
    const deliveries = events.flatMap((event) => this.#take(event));
    return { deliveries, looked: events, state: events.length < limit ? 'end' : 'more' };
  }

  offer(event: StoredEvent): readonly Delivery[] {
    return this.#take(event);
  }

  #take(event: StoredEvent): readonly Delivery[] {
    this.#after = event.position;
    const filter = this.#filter;
    if (filter === undefined) return [{ kind: 'event', event }];
    const deliveries: Delivery[] = filter.matches(event.stream, event.type) ? [{ kind: 'event', event }] : [];
    this.#sinceCheckpoint += 1;
    if (this.#sinceCheckpoint >= filter.checkpointAfter) {
      this.#sinceCheckpoint = 0;
      deliveries.push({ kind: 'checkpoint', position: event.position });
    }
    return deliveries;
  }
}
