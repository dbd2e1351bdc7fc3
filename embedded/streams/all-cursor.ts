import type { StoredEvent } from '../storage/event.ts';
import { passes } from '../storage/filter.ts';
import type { AllPage, EventLog } from '../storage/log.ts';
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
    const page = this.#log.readAllForwards(this.#after, limit, this.#filter?.matches);
    this.#after = page.next ?? this.#after;
    const state = page.atEnd ? 'end' : 'more';
    return { deliveries: this.#deliveries(page), looked: page.positions.length, events: page.events, state };
  }

  offer(event: StoredEvent): readonly Delivery[] {
    this.#after = event.position;
    const events = this.#filter === undefined || passes(this.#filter.matches, event) ? [event] : [];
    return this.#deliveries({ positions: [event.position], events });
  }

  /** The events that matched and, between them, a checkpoint wherever so many were looked at. */
  #deliveries({ positions, events }: Pick<AllPage, 'positions' | 'events'>): readonly Delivery[] {
    const filter = this.#filter;
    if (filter === undefined) return events.map((event): Delivery => ({ kind: 'event', event }));
    const deliveries: Delivery[] = [];
    let matched = 0;
    for (const position of positions) {
      const event = events[matched];
      if (event?.position === position) {
        matched += 1;
        deliveries.push({ kind: 'event', event });
      }
      this.#sinceCheckpoint += 1;
      if (this.#sinceCheckpoint < filter.checkpointAfter) continue;
      this.#sinceCheckpoint = 0;
      deliveries.push({ kind: 'checkpoint', position });
    }
    return deliveries;
  }
}
