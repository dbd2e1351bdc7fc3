import type { EventStore } from '../../event-store/event-store.ts';
import { pause } from '../../platform/async/backoff.ts';
import { ReadStoreAhead, ReadStoreUnusable } from '../../read-store/errors.ts';
import { type Generations, generationsKey } from '../../read-store/generations.ts';
import type { Documents, ReadStore } from '../../read-store/read-store.ts';
import type { Projection } from '../projection.ts';
import { isAfter } from './positions.ts';

const REMEDY =
  'set READ_STORE_URL to an empty read store (all read models are then rebuilt), or EVENTSTORE_URL to the event store that it belongs to';

/** A deposed or lagging node may lack the newest events, so the check is repeated before an event counts as missing. */
const ATTEMPTS = { maximum: 3, pauseMs: 700 };

/**
 * Checks that the read store was built from this event store. Throws `ReadStoreUnusable` when it was built from another, or
 * from events that this one does not have (it was restored to an older state).
 */
export async function checkReadStoreOrigin(
  store: EventStore,
  readStore: ReadStore,
  projections: readonly Projection[],
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await check(store, readStore, projections);
    } catch (error) {
      if (!(error instanceof ReadStoreAhead) || attempt === ATTEMPTS.maximum) throw error;
      await pause(ATTEMPTS.pauseMs);
    }
  }
}

async function check(
  store: EventStore,
  readStore: ReadStore,
  projections: readonly Projection[],
): Promise<void> {
  const ours = await store.identity();
  const theirs = await readStore.claimIdentity(ours);
  if (theirs !== ours)
    throw new ReadStoreUnusable(
      `the read store was built from another event store (${theirs}) than this one (${ours}): ${REMEDY}`,
    );
  await Promise.all(
    projections.map(async (projection) => {
      for (const documents of await generationsOf(readStore, projection))
        await checkCheckpoint(store, projection, documents);
    }),
  );
}

/** Returns the live generation, and the next one if a rebuild is running. */
async function generationsOf(readStore: ReadStore, projection: Projection): Promise<Documents<unknown>[]> {
  const stored = await readStore.metadata(generationsKey(projection.name));
  const { next } = (stored?.body ?? {}) as Partial<Generations>;
  const live = await readStore.live(projection);
  return next?.version === projection.version
    ? [live, await readStore.generation(projection, next.number)]
    : [live];
}

async function checkCheckpoint(
  store: EventStore,
  { name }: Projection,
  documents: Documents<unknown>,
): Promise<void> {
  const [checkpoint, events] = await Promise.all([documents.checkpoint(), documents.checkpointEvents()]);
  // Read the head after the checkpoint: another projector may be advancing the checkpoint.
  const head = await store.head();
  if (isAfter(checkpoint, head))
    throw new ReadStoreAhead(
      `the read model ${name} is at position ${checkpoint?.commit}, and the event store ends at ` +
        `${head?.commit ?? 'nothing'}, as if it had been restored to an older state: ${REMEDY}`,
    );
  for (const event of events) {
    const exists = await store.holds(event);
    if (exists === true) return;
    if (exists === false)
      throw new ReadStoreAhead(
        `the read model ${name} was built from ${event.stream}@${event.revision} at position ${event.position.commit}, ` +
          `which the event store no longer has, as if it had been restored to an older state: ${REMEDY}`,
      );
  }
}
