import type { EventStore } from '../../event-store/event-store.ts';
import { storeIdentity } from '../../event-store/identity.ts';
import { ReadStoreUnusable } from '../../read-store/errors.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import type { AnyProjection } from '../registry.ts';
import { isBeyond } from './positions.ts';

const REMEDY =
  'set READ_STORE_URL to an empty read store (all read models are then built anew), or EVENTSTORE_URL to the event store that it belongs to';

/**
 * That the read store was built from this event store. Throws `ReadStoreUnusable` when it was built from another, or when
 * it has seen events that this one does not have (it was put back to an older state).
 */
export async function checkBelonging(
  store: EventStore,
  readStore: ReadStore,
  projections: readonly AnyProjection[],
): Promise<void> {
  const ours = await storeIdentity(store);
  const theirs = await readStore.takeIdentity(ours);
  if (theirs !== ours)
    throw new ReadStoreUnusable(
      `the read store was built from another event store (${theirs}) than this one (${ours}): ${REMEDY}`,
    );
  for (const projection of projections) {
    const checkpoint = await (await readStore.live(projection)).checkpoint();
    // The head is read after the checkpoint: another projector may be moving it on.
    const head = await store.head();
    if (isBeyond(checkpoint, head))
      throw new ReadStoreUnusable(
        `the read model ${projection.name} is at position ${checkpoint?.commit}, and the event store ends at ` +
          `${head?.commit ?? 'nothing'}, as if it had been put back to an older state: ${REMEDY}`,
      );
  }
}
