import type { CheckpointEvent } from './read-store.ts';

/** Encodes events as JSON, with positions and revisions as decimal strings. */
export const encodeEvents = (events: readonly CheckpointEvent[]): string =>
  JSON.stringify(events, (_, value) => (typeof value === 'bigint' ? value.toString() : value));

/** Decodes the result of `encodeEvents`. */
export const decodeEvents = (text: string): CheckpointEvent[] =>
  (JSON.parse(text) as Encoded[]).map(({ stream, id, revision, position: { commit, prepare } }) => ({
    stream,
    id,
    revision: BigInt(revision),
    position: { commit: BigInt(commit), prepare: BigInt(prepare) },
  }));

interface Encoded {
  readonly stream: string;
  readonly id: string;
  readonly revision: string;
  readonly position: { readonly commit: string; readonly prepare: string };
}
