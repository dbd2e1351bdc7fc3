import { TOMBSTONE_REVISION } from '../event.ts';
import type { ExpectedRevision } from '../log.ts';

/** What the rules need to know about a stream. */
export interface StreamHistory {
  /** The last revision; -1 for an empty stream. */
  readonly head: number;
  readonly softDeleted: boolean;
  /** Returns whether the stream has metadata, even if it has no events. */
  hasMetadata(): boolean;
  /** Returns the revision of a recent event with this id, also of a scavenged one. */
  findRecent(id: string): number | undefined;
  /** Returns the id of the event at this revision, unless it was scavenged. */
  idAt(revision: number): string | undefined;
}

export type AppendDecision =
  | { readonly kind: 'write' }
  | { readonly kind: 'repeated'; readonly lastRevision: number }
  | { readonly kind: 'wrong-revision' }
  | { readonly kind: 'stream-deleted' };

const WRITE: AppendDecision = { kind: 'write' };
const WRONG_REVISION: AppendDecision = { kind: 'wrong-revision' };
const STREAM_DELETED: AppendDecision = { kind: 'stream-deleted' };

/**
 * Decides whether to write the events or whether they are a duplicate, by EventStoreDB's rules:
 * - With `any` and `stream_exists`, known ids are recognised anywhere in the stream.
 * - With a revision below the last one, they are recognised only directly after that revision.
 * - With the last revision, they are not recognised and are written again.
 * - A known event followed by a new one is a wrong revision; a new event first is written.
 */
export function checkAppend(
  stream: StreamHistory,
  expected: ExpectedRevision,
  ids: readonly string[],
): AppendDecision {
  if (stream.head === TOMBSTONE_REVISION) return STREAM_DELETED;
  if (expected === 'stream_exists') {
    if (stream.softDeleted) return STREAM_DELETED;
    if (stream.head < 0 && !stream.hasMetadata()) return WRONG_REVISION;
  }
  if (expected === 'any' || expected === 'stream_exists') return checkAnywhere(stream, ids);
  const revision = expected === 'no_stream' ? -1 : expected;
  if (revision > stream.head) return WRONG_REVISION;
  if (revision === stream.head) return WRITE;
  return checkAt(stream, revision, ids);
}

function checkAnywhere(stream: StreamHistory, ids: readonly string[]): AppendDecision {
  let lastRevision: number | undefined;
  for (const id of ids) {
    const found = stream.findRecent(id);
    if (found === undefined) return lastRevision === undefined ? WRITE : WRONG_REVISION;
    lastRevision = found;
  }
  return lastRevision === undefined ? WRITE : { kind: 'repeated', lastRevision };
}

function checkAt(stream: StreamHistory, revision: number, ids: readonly string[]): AppendDecision {
  let at = revision;
  for (const id of ids) {
    at += 1;
    if (stream.idAt(at) === id || stream.findRecent(id) === at) continue;
    const startsAnew = revision === -1 && at === 0 && stream.softDeleted;
    return startsAnew ? WRITE : WRONG_REVISION;
  }
  return ids.length === 0 ? WRONG_REVISION : { kind: 'repeated', lastRevision: at };
}
