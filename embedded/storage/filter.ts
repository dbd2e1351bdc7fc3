/** Decides by the stream's name and the event's type alone; links are judged as links, not by their target. */
export type EventFilter = (stream: string, type: string) => boolean;

export interface FilterOptions {
  readonly on: 'stream' | 'type';
  /** Not anchored. Goes before `prefixes` when both are given; empty means none. */
  readonly regex: string;
  /** Case-sensitive. None at all, and no regex, matches nothing. */
  readonly prefixes: readonly string[];
}

/** @throws {SyntaxError} for a regular expression that cannot be read. */
export function createFilter({ on, regex, prefixes }: FilterOptions): EventFilter {
  const matches = regex === '' ? startsWithOneOf(prefixes) : matchesRegex(new RegExp(regex));
  return on === 'stream' ? (stream) => matches(stream) : (_, type) => matches(type);
}

const matchesRegex = (regex: RegExp) => (text: string) => regex.test(text);

const startsWithOneOf = (prefixes: readonly string[]) => (text: string) =>
  prefixes.some((prefix) => text.startsWith(prefix));
