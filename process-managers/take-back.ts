import type { Logger } from '../event-store/logger.ts';
import type { PersistentSubscriptions } from '../event-store/subscriptions/persistent-subscription.ts';

/**
 * What the event store itself has set aside for a group (one made before it was told never to do so, or a hand in its web
 * pages) is delivered again: what cannot be handled is then set aside where operators see it.
 */
export async function takeBack(
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
