import type { Logger } from '../../../event-store/logger.ts';
import type { PersistentSubscriptions } from '../../../event-store/subscriptions/persistent-subscription.ts';

/**
 * Lets the event store deliver again what it has parked itself: in a group of other settings, or from its web pages.
 * Events that still fail are then parked where operators see them.
 */
export async function redeliverParked(
  { groupStatistics, replayParked }: Pick<PersistentSubscriptions, 'groupStatistics' | 'replayParked'>,
  groups: readonly string[],
  logger: Logger,
): Promise<void> {
  for (const group of groups) {
    const parked = (await groupStatistics(group))?.parked ?? 0;
    if (parked === 0) continue;
    logger.warn('the event store has parked events; they are delivered again', { group, parked });
    await replayParked(group);
  }
}
