import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { WrongRevision } from '../../event-store/errors.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { Logger } from '../../event-store/logger.ts';
import { backoffMs, pause } from '../../platform/async/backoff.ts';
import { ConcurrencyConflict } from '../errors.ts';
import { type AnyDecider, type Folded, foldTail, nextRevision, unfolded } from '../state/folded.ts';
import { type AnyRequest, type DecidedBatch, type Decision, decideBatch } from './decide-batch.ts';

export interface BatchOptions {
  readonly store: EventStore;
  readonly logger: Logger;
  readonly limits: { readonly batch: number; readonly batchBytes: number; readonly attempts: number };
  readonly cached: () => Folded | undefined;
  readonly loadSnapshot: (decider: AnyDecider) => Promise<Folded | undefined>;
  readonly cache: (decider: AnyDecider, folded: Folded) => void;
  readonly evict: () => void;
}

/** The state of the stream on which a batch is decided. */
interface KnownState {
  readonly folded: Folded;
  /** Recorded events in which a command with an idempotency key finds those of its earlier execution. */
  readonly seen: readonly RecordedEvent[];
  /** True if the stream was read for this batch. False if the state is cached, or presumed new: it may be stale. */
  readonly isRead: boolean;
}

interface DecidedAndAppended {
  /** One for each command that fitted into the append, in order. */
  readonly decisions: readonly Decision[];
  /** The state of the stream after the append. */
  readonly folded: Folded;
  /** The ids of the appended events. */
  readonly ids: readonly string[];
  /** The decisions were made on a stale state. Commands without an appended event must be decided again. */
  readonly isStale: boolean;
}

/** Returns whether events of the command were appended. */
export const isAppended = (decision: Decision): boolean =>
  decision.kind === 'decided' && decision.at !== undefined;

const conflictBackoff = { firstMs: 2, maxMs: 100 };

/**
 * Decides the commands of a batch and appends their events in one write. On a conflict it reads the new events of the stream
 * and decides again. Throws `ConcurrencyConflict` after `limits.attempts` conflicts, and what the event store throws.
 *
 * The state may be stale at first. A command without events (rejected, or nothing to change) is safe only on a current state:
 * - No command of the batch has events: the stream is read, and the batch is decided again.
 * - Some have events: the stream is read after the append, and `isStale` tells whether it has further events. The success of
 *   the append proves nothing, since an append of events that the stream has already succeeds too.
 */
export async function decideAndAppend(
  stream: string,
  decider: AnyDecider,
  requests: readonly AnyRequest[],
  options: BatchOptions,
): Promise<DecidedAndAppended> {
  const { store, logger, limits } = options;
  let known = await stateForFirstDecision(stream, decider, requests, options);
  for (let conflicts = 0; ; ) {
    const { folded, seen, isRead } = known;
    const batch = decideBatch(requests, folded, seen, limits.batchBytes);
    if (batch.events.length === 0) {
      if (isRead) return { decisions: batch.decisions, folded, ids: [], isStale: false };
    } else {
      const appended = await appendBatch(store, stream, folded, batch);
      if (appended !== undefined) {
        if (batch.decisions.every(isAppended)) return appended;
        return { ...appended, ...(await readAfterAppend(store, stream, decider, appended.folded)) };
      }
      conflicts += 1;
      if (conflicts >= limits.attempts) throw new ConcurrencyConflict(stream, conflicts);
      logger.info('append conflicted with another writer', { stream, conflicts });
      if (conflicts > 1) await pause(backoffMs(conflicts, conflictBackoff));
    }
    known = await readNewer(store, stream, decider, known, earliestLookFrom(requests));
  }
}

/** Appends the events with the revision of `before` as the expected one. Returns undefined on a conflict. */
async function appendBatch(
  store: EventStore,
  stream: string,
  before: Folded,
  { events, state, revision, decisions }: DecidedBatch,
): Promise<DecidedAndAppended | undefined> {
  try {
    const { ids, position } = await store.append(stream, events, before.revision ?? 'no_stream');
    const folded: Folded = {
      state,
      revision,
      position,
      sinceSnapshot: before.sinceSnapshot + events.length,
    };
    return { decisions, folded, ids, isStale: false };
  } catch (error) {
    if (error instanceof WrongRevision) return undefined;
    throw error;
  }
}

/** Reads the events after those of an append. Counts the decisions as stale if there are some, or if the read fails. */
async function readAfterAppend(store: EventStore, stream: string, decider: AnyDecider, appended: Folded) {
  try {
    const { folded } = await foldTail(store, stream, decider, appended, undefined);
    return { folded, isStale: folded.revision !== appended.revision };
  } catch {
    return { folded: appended, isStale: true };
  }
}

/** Returns the cached state, or the empty state of a stream that is presumed new; otherwise reads the stream. */
async function stateForFirstDecision(
  stream: string,
  decider: AnyDecider,
  requests: readonly AnyRequest[],
  { store, cached, loadSnapshot }: BatchOptions,
): Promise<KnownState> {
  const cachedState = cached();
  const presumedNew = requests.every(({ presumeNew }) => presumeNew === true);
  const start = cachedState ?? (presumedNew ? undefined : await loadSnapshot(decider)) ?? unfolded(decider);
  const lookFrom = earliestLookFrom(requests);
  // A command with a key must search the stream for events of its earlier execution. Events that are newer than `start` need no
  // search: if there are any, the append conflicts, and the stream is read then.
  const needsSearch = lookFrom !== undefined && lookFrom < nextRevision(start);
  if ((cachedState !== undefined || presumedNew) && !needsSearch) {
    return { folded: start, seen: [], isRead: false };
  }
  return { ...(await foldTail(store, stream, decider, start, lookFrom)), isRead: true };
}

/** Reads the events that are newer than `folded`, and those from `lookFrom` on. */
async function readNewer(
  store: EventStore,
  stream: string,
  decider: AnyDecider,
  { folded, seen }: KnownState,
  lookFrom: bigint | undefined,
): Promise<KnownState> {
  const next = nextRevision(folded);
  const from = lookFrom === undefined || lookFrom > next ? lookFrom : next;
  const tail = await foldTail(store, stream, decider, folded, from);
  return { folded: tail.folded, seen: [...seen, ...tail.seen], isRead: true };
}

/** Returns the revision from which the commands with idempotency keys search the stream; undefined if no command has a key. */
function earliestLookFrom(requests: readonly AnyRequest[]): bigint | undefined {
  let earliest: bigint | undefined;
  for (const { lookFrom } of requests) {
    if (lookFrom !== undefined && (earliest === undefined || lookFrom < earliest)) earliest = lookFrom;
  }
  return earliest;
}
