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

/** The state that a batch is decided on. */
interface Known {
  readonly folded: Folded;
  /** Events of the stream, among which keyed commands find those of an earlier execution. */
  readonly seen: readonly RecordedEvent[];
  /** The stream was read for this batch; otherwise the state is cached and may be stale. */
  readonly isRead: boolean;
}

interface Decided {
  readonly decisions: readonly Decision[];
  readonly folded: Folded;
  /** The ids of the appended events. */
  readonly ids: readonly string[];
  /** The stream has more events than were decided on. Commands without an appended event must be decided again. */
  readonly isStale: boolean;
}

export const isAppended = (decision: Decision): boolean =>
  decision.kind === 'decided' && decision.at !== undefined;

const conflictBackoff = { firstMs: 2, maxMs: 100 };

/**
 * Decides until the events are appended, or until no events follow from the current state of the stream. The expected
 * revision of an append proves that the state was current. A rejection or a command without events proves nothing, so it
 * needs a read of the stream. So does each of them beside an append, which also succeeds if its events were there before.
 */
export async function decideAndAppend(
  stream: string,
  decider: AnyDecider,
  requests: readonly AnyRequest[],
  options: BatchOptions,
): Promise<Decided> {
  const { store, logger, limits } = options;
  let known = await firstState(stream, decider, requests, options);
  for (let conflicts = 0; ; ) {
    const { folded, seen, isRead } = known;
    const batch = decideBatch(requests, folded, seen, limits.batchBytes);
    if (batch.events.length === 0) {
      if (isRead) return { decisions: batch.decisions, folded, ids: [], isStale: false };
    } else {
      const decided = await appendBatch(store, stream, folded, batch);
      if (decided !== undefined) {
        if (batch.decisions.every(isAppended)) return decided;
        return { ...decided, ...(await readAfterAppend(store, stream, decider, decided.folded)) };
      }
      conflicts += 1;
      if (conflicts >= limits.attempts) throw new ConcurrencyConflict(stream, conflicts);
      logger.info('append conflicted with another writer', { stream, conflicts });
      if (conflicts > 1) await pause(backoffMs(conflicts, conflictBackoff));
    }
    known = await readNewer(store, stream, decider, known, earliestLookFrom(requests));
  }
}

/** Returns undefined on a conflict. */
async function appendBatch(
  store: EventStore,
  stream: string,
  before: Folded,
  { events, state, revision, decisions }: DecidedBatch,
): Promise<Decided | undefined> {
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

/** Reads the events after an append. If the read fails, assumes that there are some. */
async function readAfterAppend(store: EventStore, stream: string, decider: AnyDecider, appended: Folded) {
  try {
    const { folded } = await foldTail(store, stream, decider, appended, undefined);
    return { folded, isStale: folded.revision !== appended.revision };
  } catch {
    return { folded: appended, isStale: true };
  }
}

/** Returns the state for the first decision: cached, presumed new, or read. */
async function firstState(
  stream: string,
  decider: AnyDecider,
  requests: readonly AnyRequest[],
  { store, cached, loadSnapshot }: BatchOptions,
): Promise<Known> {
  const cachedState = cached();
  const presumedNew = requests.every(({ presumeNew }) => presumeNew === true);
  const start = cachedState ?? (presumedNew ? undefined : await loadSnapshot(decider)) ?? unfolded(decider);
  const lookFrom = earliestLookFrom(requests);
  // Events after the cached state make the append conflict, so a keyed command needs no read to find its own there.
  const needsNoSearch = lookFrom === undefined || lookFrom >= nextRevision(start);
  if ((cachedState !== undefined || presumedNew) && needsNoSearch) {
    return { folded: start, seen: [], isRead: false };
  }
  return { ...(await foldTail(store, stream, decider, start, lookFrom)), isRead: true };
}

async function readNewer(
  store: EventStore,
  stream: string,
  decider: AnyDecider,
  { folded, seen }: Known,
  lookFrom: bigint | undefined,
): Promise<Known> {
  const next = nextRevision(folded);
  const from = lookFrom === undefined || lookFrom > next ? lookFrom : next;
  const tail = await foldTail(store, stream, decider, folded, from);
  return { folded: tail.folded, seen: [...seen, ...tail.seen], isRead: true };
}

/** Returns the lowest `lookFrom` of the keyed commands; undefined if there are none. */
function earliestLookFrom(requests: readonly AnyRequest[]): bigint | undefined {
  let earliest: bigint | undefined;
  for (const { lookFrom } of requests) {
    if (lookFrom !== undefined && (earliest === undefined || lookFrom < earliest)) earliest = lookFrom;
  }
  return earliest;
}
