import { matchesRegex, startsWithOneOf, type TextTest } from './text-test.ts';

/** Matches events by stream name and event type. A link is matched by its own stream and type, not by its target's. */
export interface EventFilter {
  /** Absent: every stream matches. */
  readonly stream?: TextTest;
  /** Absent: every type matches. */
  readonly type?: TextTest;
}

export interface FilterOptions {
  readonly on: 'stream' | 'type';
  /** Not anchored. Used instead of `prefixes` unless it is empty. */
  readonly regex: string;
  /** Case-sensitive. Without prefixes and regex, nothing matches. */
  readonly prefixes: readonly string[];
}

/** @throws {RegexInvalid} @throws {RegexTooExpensive} */
export function createFilter({ on, regex, prefixes }: FilterOptions): EventFilter {
  return { [on]: regex === '' ? startsWithOneOf(prefixes) : matchesRegex(regex) };
}

/** @throws {RegexTooExpensive} */
export const passes = (filter: EventFilter, event: { stream: string; type: string }): boolean =>
  (filter.stream?.([event.stream])[0] ?? true) && (filter.type?.([event.type])[0] ?? true);
