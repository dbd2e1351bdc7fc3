import { type Readiness, readyWhenOk } from '../../platform/http/monitoring/health.ts';
import { deadlinesProjection } from '../../projections/deadlines/projection.ts';
import { IndexNotBuilt, ReadStoreUnavailable } from '../../read-store/errors.ts';
import type { ModelStatus } from '../../read-store/read-store.ts';
import { readStoreSentence } from '../../read-store/read-store-watch.ts';

/** Last observed state of the dependencies: `ok`, or a sentence for an operator. */
export interface Dependencies {
  readonly eventStore: string;
  readonly readStore: string;
  /** Whether a projector keeps the read model of the deadlines current. */
  readonly projections: string;
  readonly statuses: readonly ModelStatus[];
}

/**
 * Returns ready while every check is `ok`. `consumers` holds the check of each group; `lookFailed` is the error of the last
 * read of the deadlines, if it failed.
 */
export function readinessOf(
  { eventStore, readStore, projections, statuses }: Dependencies,
  consumers: ReadonlyMap<string, string>,
  lookFailed: unknown,
): Readiness {
  const deadlines = deadlinesCheck(statuses, lookFailed);
  return readyWhenOk({ eventStore, readStore, projections, ...Object.fromEntries(consumers), deadlines });
}

function deadlinesCheck(statuses: readonly ModelStatus[], lookFailed: unknown): string {
  const { name } = deadlinesProjection;
  const stopped = statuses.find((status) => status.name === name && status.status === 'stopped');
  if (stopped !== undefined)
    return `the read model ${name} has stopped: ${stopped.error?.reason ?? 'no reason given'}`;
  return lookFailed === undefined ? 'ok' : `the deadlines cannot be read: ${whyFailed(lookFailed)}`;
}

/** Error messages may contain paths and addresses, which belong in the log only. */
function whyFailed(error: unknown): string {
  if (error instanceof IndexNotBuilt) return error.message;
  return error instanceof ReadStoreUnavailable ? readStoreSentence(error) : 'the log says why';
}
