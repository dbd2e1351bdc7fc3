import type Database from 'libsql';
import type { EventFilter } from '../filter/filter.ts';

/** Which events of a stretch of the log a filter lets through, found without reading the events themselves. */
export interface Scan {
  /** Of all events checked at, in the order of reading. */
  readonly positions: readonly number[];
  /** Of those that match. */
  readonly matching: readonly number[];
  /** Whether all requested or existing events were checked. A filter may leave some to the next turn. */
  readonly isWhole: boolean;
}

/** Looks through the log for what a filter wants: names and types alone, which costs a tenth of reading the events. */
export class ScanQuery {
  readonly #byStream;
  readonly #byType;
  readonly #byBoth;

  /** @param condition what follows WHERE, with its order */
  constructor(database: Database.Database, condition: string) {
    const prepare = (columns: string, from: string) =>
      database
        .prepare<unknown[]>(
          `SELECT json_group_array(position), json_group_array(stream), json_group_array(type) FROM (SELECT e.position, ${columns} FROM ${from} WHERE ${condition} LIMIT ?)`,
        )
        .raw();
    const joined = 'events e JOIN streams s ON s.id = e.stream';
    this.#byStream = prepare("CAST(s.name AS TEXT) AS stream, '' AS type", joined);
    this.#byType = prepare("'' AS stream, CAST(e.type AS TEXT) AS type", 'events e');
    this.#byBoth = prepare('CAST(s.name AS TEXT) AS stream, CAST(e.type AS TEXT) AS type', joined);
  }

  /** @throws {RegexTooExpensive} */
  scan(from: number, limit: number, filter: EventFilter): Scan {
    const query = filter.type === undefined ? this.#byStream : filter.stream ? this.#byBoth : this.#byType;
    const row = query.get([from, limit]) as [string, string, string];
    const found: number[] = JSON.parse(row[0]);
    const streams = filter.stream?.(JSON.parse(row[1]));
    const types = filter.type?.(JSON.parse(row[2]));
    const checked = Math.min(found.length, streams?.length ?? found.length, types?.length ?? found.length);
    const positions = found.slice(0, checked);
    const matching = positions.filter((_, i) => (streams?.[i] ?? true) && (types?.[i] ?? true));
    return { positions, matching, isWhole: checked === found.length };
  }
}
