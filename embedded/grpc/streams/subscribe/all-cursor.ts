import type { StoredEvent } from '../../../storage/event.ts';
import { passes } from '../../../storage/filter/filter.ts';
import type { AllPage, EventLog } from '../../../storage/log.ts';
import type { FilterPlan } from '../read/read-plan.ts';
import type { Cursor, CursorPage, Delivery } from './cursor.ts';

/**
 * Follows the whole log, or the events that match a filter. With a filter, it sends a checkpoint after a fixed number of
 * checked events, matching or not, and one before the first live event, where the count restarts.
 */
export class AllCursor implements Cursor {
  readonly stream = undefined;
  readonly #log: EventLog;
  readonly #filter: FilterPlan | undefined;
  #after: number;
  #hasChecked: boolean;
  #sinceCheckpoint = 0;

  /** @param after exclusive start position; 0 for the start of the log */
  constructor(log: EventLog, after: number, filter: FilterPlan | undefined) {
    this.#log = log;
    this.#after = after;
    this.#filter = filter;
    this.#hasChecked = after === 0;
  }

  read(limit: number): CursorPage {
    const resumed = this.#hasChecked ? [] : [this.#after];
    if (!this.#hasChecked && !this.#log.hasPosition(this.#after)) return INVALID_POSITION;
    this.#hasChecked = true;
    const page = this.#log.readAllForwards(this.#after, limit, this.#filter?.matches);
    this.#after = page.next ?? this.#after;
    // Like in the real server, the event that a subscription resumes from counts as the first one checked.
    const positions = [...resumed, ...page.positions];
    const deliveries = this.#deliveries({ positions, events: page.events });
    if (page.atEnd) deliveries.push(...this.#checkpointAtEnd());
    const state = page.atEnd ? 'end' : 'more';
    return { deliveries, checked: page.positions.length, events: page.events, state };
  }

  /** Skips events up to the start position, which may be past the end of the log. */
  offer(event: StoredEvent): readonly Delivery[] {
    if (event.position <= this.#after) return [];
    this.#after = event.position;
    const events = this.#filter === undefined || passes(this.#filter.matches, event) ? [event] : [];
    return this.#deliveries({ positions: [event.position], events });
  }

  fallBehind(): readonly Delivery[] {
    return this.#checkpointAtEnd();
  }

  #checkpointAtEnd(): Delivery[] {
    const isDue = this.#filter !== undefined && this.#sinceCheckpoint > 0;
    this.#sinceCheckpoint = 0;
    return isDue ? [{ kind: 'checkpoint', position: this.#after }] : [];
  }

  /** Returns the matching events, with a checkpoint after each `checkpointAfter` checked events. */
  #deliveries({ positions, events }: Pick<AllPage, 'positions' | 'events'>): Delivery[] {
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

const INVALID_POSITION: CursorPage = { deliveries: [], events: [], checked: 0, state: 'invalid-position' };
