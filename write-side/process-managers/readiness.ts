import { deadlinesProjection } from '../../projections/deadlines/projection.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { reasonOf } from './verdicts.ts';

/** The lease that the one projector at work holds. */
export const PROJECTOR_LEASE = 'projector';

export interface Readiness {
  readonly ready: boolean;
  /** Why not, each a sentence for an operator. */
  readonly reasons: readonly string[];
}

/** Why deadlines do not fire, or fire late: none of the reasons stops the rest of the process managers. */
export async function whyDeadlinesRest(readStore: ReadStore, now: Date): Promise<readonly string[]> {
  const { name } = deadlinesProjection;
  try {
    const [lease, statuses] = await Promise.all([
      readStore.currentLease(PROJECTOR_LEASE),
      readStore.statuses(),
    ]);
    const reasons: string[] = [];
    if (lease === undefined || lease.expiresAt <= now.getTime())
      reasons.push('no projector is at work: deadlines do not fire');
    const stopped = statuses.find((status) => status.name === name && status.status === 'stopped');
    if (stopped !== undefined)
      reasons.push(`the read model ${name} has stopped: ${stopped.error?.reason ?? 'no reason given'}`);
    return reasons;
  } catch (error) {
    return [`the read store does not answer, so that no deadline fires: ${reasonOf(error)}`];
  }
}
