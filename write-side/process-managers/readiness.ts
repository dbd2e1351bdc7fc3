import { deadlinesProjection } from '../../projections/deadlines/projection.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { reasonOf } from './verdicts.ts';

/** The lease that the projector at work holds. */
export const PROJECTOR_LEASE = 'projector';

/** `ok`, or why no deadline fires: a sentence for an operator. The rest of the process managers goes on without. */
export async function checkDeadlines(readStore: ReadStore, now: Date): Promise<string> {
  const { name } = deadlinesProjection;
  try {
    const [lease, statuses] = await Promise.all([
      readStore.currentLease(PROJECTOR_LEASE),
      readStore.statuses(),
    ]);
    if (lease === undefined || lease.expiresAt <= now.getTime())
      return 'no projector is at work: deadlines do not fire';
    const stopped = statuses.find((status) => status.name === name && status.status === 'stopped');
    if (stopped === undefined) return 'ok';
    return `the read model ${name} has stopped: ${stopped.error?.reason ?? 'no reason given'}`;
  } catch (error) {
    return `the read store does not answer, so that no deadline fires: ${reasonOf(error)}`;
  }
}
