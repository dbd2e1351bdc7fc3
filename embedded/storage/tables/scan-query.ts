import type Database from 'libsql';
import type { EventFilter } from '../filter/filter.ts';

/** The positions in a section of the log that match a filter. */
export interface Scan {
  /** Of all checked events, in reading order. */
  readonly positions: readonly number[];
  /** Of the events that match. */
  readonly matching: readonly number[];
  /** False if the filter reached its work limit and left some events to the next turn. */
  readonly isComplete: boolean;
}

/** Finds matching events by stream name and type only, at a tenth of the cost of reading the events. */
export class ScanQuery {
  readonly #byStream;
  readonly #byType;
  readonly #byBoth;

  /** @param condition SQL after WHERE, with its order */
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
    return { positions, matching, isComplete: checked === found.length };
  }
}
