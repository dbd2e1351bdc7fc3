import type { WorkflowException } from '../../../domain/kernel/workflow.ts';
import { TooManyParked } from '../../../domain/parking/errors.ts';
import type { Logger } from '../../../event-store/logger.ts';
import type { Cause } from '../causes.ts';
import type { ActionsOf, WaitRules, WorkflowTypes } from '../definition.ts';
import type { Instances } from '../instances.ts';
import { isPassing, retryPassing } from '../verdicts.ts';
import type { Parking, WhyParked } from './parking.ts';

interface Options<Types extends WorkflowTypes> {
  readonly rules: WaitRules;
  readonly instances: () => Pick<Instances<Types>, 'give'>;
  readonly parking: Pick<Parking, 'park' | 'resolve'>;
  readonly logger: Logger;
}

/** Parks a wait: it has no timeout and makes no calls until an operator replays it. Throws what the command handler throws. */
export type ParkWait = (id: string, waitingFor: string, why: WhyParked, cause: Cause) => Promise<void>;

/** Maximum length of a reason in an event. */
const MAX_REASON = 500;

/**
 * Creates the function that parks waits. It first parks the item, then ends the timeout of the instance. After a crash in
 * between, the next timeout does both again.
 */
export function createParkWait<Types extends WorkflowTypes>(options: Options<Types>): ParkWait {
  const { rules, instances, parking, logger } = options;
  const patiently = retryPassing();
  return async (id, waitingFor, why, cause) => {
    const item = rules.itemOf(id, waitingFor);
    await parking.park(item, why);
    const reason = why.detail.slice(0, MAX_REASON);
    try {
      const { parkedWaits } = await instances().give(
        id,
        (now) => ({ type: 'ParkWait', id, now, waitingFor, reason }),
        cause,
      );
      // Meanwhile an operator may have replayed the item, or the instance may have moved on.
      if (parkedWaits.includes(waitingFor)) await patiently.execute(() => parking.park(item, why));
      else await parking.resolve(item.itemId);
    } catch (error) {
      if (isPassing(error)) throw error;
      // The stream of the instance cannot be read, so nothing more than the parked item is possible.
      logger.error('a wait is parked, but its timeout stays due', { id, waitingFor, error });
    }
  };
}

/**
 * Creates the function that makes the parking list follow the actions of an instance: it resolves the items of waits that
 * are over, and parks each exception once. Throws what the command handler throws.
 */
export function createUpdateParking<Types extends WorkflowTypes>({
  rules,
  parking,
  logger,
}: Omit<Options<Types>, 'instances'>) {
  const resolve = (id: string, waitingFor: string): Promise<void> =>
    parking
      .resolve(rules.itemOf(id, waitingFor).itemId)
      // A replay that is no longer needed changes nothing.
      .catch((error: unknown) => logger.warn('a wait is over, but may still be parked', { id, error }));

  async function parkException(id: string, exception: WorkflowException): Promise<void> {
    const { kind, detail } = exception;
    try {
      const item = rules.exceptionItemOf(id, exception);
      const isNew = await parking.park(item, { reason: 'exception', detail });
      if (isNew) logger.warn('an external system contradicts the record', { id, kind, detail });
    } catch (error) {
      if (!(error instanceof TooManyParked)) throw error;
      // The instance must go on.
      logger.error('the parking list is full: only the order shows this exception', { id, kind });
    }
  }

  return async (id: string, { endedWaits, exceptions }: ActionsOf<Types>): Promise<void> => {
    for (const waitingFor of endedWaits) await resolve(id, waitingFor);
    for (const exception of exceptions) await parkException(id, exception);
  };
}
