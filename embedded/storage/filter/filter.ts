import { matchesRegex, startsWithOneOf, type TextTest } from './text-test.ts';

/** Decides by the stream's name and the event's type alone; links are judged as links, not by their target. */
export interface EventFilter {
  /** Absent: every stream. */
  readonly stream?: TextTest;
  /** Absent: every type. */
  readonly type?: TextTest;
}

export interface FilterOptions {
  readonly on: 'stream' | 'type';
  /** Not anchored. Goes before `prefixes` when both are given; empty means none. */
  readonly regex: string;
  /** Case-sensitive. None at all, and no regex, matches nothing. */
  readonly prefixes: readonly string[];
}

/** @throws {RegexInvalid} @throws {RegexTooExpensive} */
export function createFilter({ on, regex, prefixes }: FilterOptions): EventFilter {
  return { [on]: regex === '' ? startsWithOneOf(prefixes) : matchesRegex(regex) };
}

/** @throws {RegexTooExpensive} */
export const passes = (filter: EventFilter, event: { stream: string; type: string }): boolean =>
  (filter.stream?.([event.stream])[0] ?? true) && (filter.type?.([event.type])[0] ?? true);
