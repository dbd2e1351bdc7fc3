import type { RebuildEvent } from '../../domain/rebuild/events.ts';
import { UnreadableEvent } from '../../event-store/errors.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { Position, ReadStore } from '../../read-store/read-store.ts';
import { retryWhileUnavailable, type WritePermission } from '../engine/lease/write-permission.ts';
import { RebuildRequests } from './rebuild-requests.ts';

export interface FollowOptions {
  readonly store: Pick<EventStore, 'subscribe'>;
  readonly readStore: Pick<ReadStore, 'metadata' | 'replaceMetadata'>;
  readonly writing: WritePermission;
  readonly signal: AbortSignal;
}

const KEY = 'rebuild-requests-read-to';
/** Milliseconds between two records of a position without a request. */
const RECORD_EVERY_MS = 60_000;

/**
 * Makes the rebuilds that the command API has recorded known to this projector. Goes on after the last request that it
 * handled; a request that it meets again changes nothing. Skips requests that cannot be read.
 */
export async function followRebuildRequests({
  store,
  readStore,
  writing,
  signal,
}: FollowOptions): Promise<void> {
  const requests = new RebuildRequests(readStore);
  const record = async (position: Position) => {
    const revision = (await readStore.metadata(KEY))?.revision ?? 0;
    await readStore.replaceMetadata(
      KEY,
      { commit: `${position.commit}`, prepare: `${position.prepare}` },
      revision,
    );
  };
  let after = await retryWhileUnavailable(writing, () => recordedPosition(readStore));
  let recordedAt = performance.now();
  while (!signal.aborted) {
    try {
      const from = after === undefined ? {} : { after };
      for await (const entry of store.subscribe({ prefixes: ['rebuild-'], signal, ...from })) {
        if (entry.kind === 'event') {
          const { event, position } = entry.recorded;
          if (event.type !== 'RebuildRequested') continue;
          const { data } = event as RebuildEvent;
          await retryWhileUnavailable(writing, () => requests.makeFor(data));
          after = position;
        } else if (entry.kind === 'checkpoint') {
          after = entry.position;
          if (performance.now() - recordedAt < RECORD_EVERY_MS) continue;
        } else continue;
        const reached = after;
        await retryWhileUnavailable(writing, () => record(reached));
        recordedAt = performance.now();
      }
    } catch (error) {
      if (!(error instanceof UnreadableEvent) || error.place.position === undefined) throw error;
      writing.logger.error('a request for a rebuild cannot be read', { error: String(error) });
      after = error.place.position;
    }
  }
}

async function recordedPosition(readStore: Pick<ReadStore, 'metadata'>): Promise<Position | undefined> {
  const stored = (await readStore.metadata(KEY))?.body as
    | { readonly commit: string; readonly prepare: string }
    | undefined;
  return stored && { commit: BigInt(stored.commit), prepare: BigInt(stored.prepare) };
}
