import type { CheckpointEvent } from './read-store.ts';

/** Encodes events as JSON, with positions and revisions as decimal strings. */
export const encodeEvents = (events: readonly CheckpointEvent[]): string =>
  JSON.stringify(events, (_, value) => (typeof value === 'bigint' ? value.toString() : value));

const BIGINTS = new Set(['revision', 'commit', 'prepare']);

/** Decodes the result of `encodeEvents`. */
export const decodeEvents = (text: string): CheckpointEvent[] =>
  JSON.parse(text, (name, value) => (BIGINTS.has(name) ? BigInt(value) : value));
