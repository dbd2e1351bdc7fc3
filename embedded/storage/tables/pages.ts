import type Database from 'libsql';
import type { StoredEvent } from '../event.ts';
import type { EventFilter } from '../filter/filter.ts';
import { type Page, PageQuery } from './page-query.ts';
import { type Scan, ScanQuery } from './scan-query.ts';

const FORWARDS = 'e.position > ? ORDER BY e.position';
const BACKWARDS = 'e.position < ? ORDER BY e.position DESC';
const CHOSEN = 'e.position IN (SELECT value FROM json_each(?))';

/** Reads pages of events, of one stream or of the whole log, in both directions. Streams are identified by row id. */
export class Pages {
  readonly #streamForwards;
  readonly #streamBackwards;
  readonly #allForwards;
  readonly #allBackwards;
  readonly #chosenForwards;
  readonly #chosenBackwards;
  readonly #scanForwards;
  readonly #scanBackwards;

  constructor(database: Database.Database) {
    this.#streamForwards = new PageQuery(database, 'e.stream = ? AND e.revision >= ? ORDER BY e.revision');
    this.#streamBackwards = new PageQuery(
      database,
      'e.stream = ? AND e.revision <= ? AND e.revision >= ? ORDER BY e.revision DESC',
    );
    this.#allForwards = new PageQuery(database, FORWARDS);
    this.#allBackwards = new PageQuery(database, BACKWARDS);
    this.#chosenForwards = new PageQuery(database, `${CHOSEN} ORDER BY e.position`);
    this.#chosenBackwards = new PageQuery(database, `${CHOSEN} ORDER BY e.position DESC`);
    this.#scanForwards = new ScanQuery(database, FORWARDS);
    this.#scanBackwards = new ScanQuery(database, BACKWARDS);
  }

  /** Returns events of a stream from a revision on. */
  streamForwards(stream: number, from: number, limit: number): StoredEvent[] {
    return this.#streamForwards.read([stream, from], limit).events;
  }

  /** Returns events of a stream from a revision down to the revision `floor`. */
  streamBackwards(stream: number, from: number, floor: number, limit: number): StoredEvent[] {
    return this.#streamBackwards.read([stream, from, floor], limit).events;
  }

  /** Returns events after a position, or with `forwards` false before it. */
  all(from: number, limit: number, forwards: boolean): Page {
    return (forwards ? this.#allForwards : this.#allBackwards).read([from], limit);
  }

  /** Returns the events at these positions, in reading order. */
  eventsAt(positions: readonly number[], forwards: boolean): Page {
    const query = forwards ? this.#chosenForwards : this.#chosenBackwards;
    return query.read([JSON.stringify(positions)], positions.length);
  }

  /** Finds the events after (or before) a position that match a filter. */
  scan(from: number, limit: number, filter: EventFilter, forwards: boolean): Scan {
    return (forwards ? this.#scanForwards : this.#scanBackwards).scan(from, limit, filter);
  }
}
