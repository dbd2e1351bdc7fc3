import type { PersistentSubscription } from '../../persistent-subscriptions/persistent-subscription.ts';
import { ALL } from '../../persistent-subscriptions/stored/stream-names.ts';

/** Returns a group as EventStoreDB's `GET /subscriptions` shows it; a missing revision is -1. */
export function summaryOf({
  configuration,
  connections,
  group,
  live,
  parked,
  source,
}: PersistentSubscription) {
  const { stream } = configuration;
  const { lastCheckpoint, lastKnown } = group;
  const positionText = (position: number | undefined) =>
    position === undefined ? null : source.textOf(position);
  const revision = (position: number | undefined) => (stream === ALL ? -1 : (position ?? -1));
  return {
    eventStreamId: stream,
    groupName: configuration.group,
    status: live ? 'Live' : 'Behind',
    averageItemsPerSecond: group.sent.averagePerSecond,
    totalItemsProcessed: group.sent.total,
    lastProcessedEventNumber: revision(lastCheckpoint),
    lastKnownEventNumber: revision(lastKnown),
    lastCheckpointedEventPosition: positionText(lastCheckpoint),
    lastKnownEventPosition: positionText(lastKnown),
    connectionCount: connections.size,
    totalInFlightMessages: group.counts.inFlight,
    parkedMessageCount: parked.count,
  };
}
