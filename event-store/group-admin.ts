import { type EventStoreDBClient, PersistentSubscriptionDoesNotExistError } from '@eventstore/db-client';
import { EventStoreAway } from './errors.ts';
import type { GroupStatistics } from './persistent-subscription.ts';

/** Undefined while there is no such group. Throws `EventStoreAway`. */
export async function groupStatistics(
  client: EventStoreDBClient,
  group: string,
): Promise<GroupStatistics | undefined> {
  const info = await unlessMissing(client.getPersistentSubscriptionToAllInfo(group));
  if (info === undefined) return undefined;
  const { stats, connections } = info;
  return {
    parked: Number(stats.parkedMessageCount),
    inFlight: stats.totalInFlightMessages,
    waiting: stats.readBufferCount + Number(stats.liveBufferCount) + stats.retryBufferCount,
    consumers: connections.length,
    lastKnown: stats.lastKnownEventPosition,
    checkpoint: stats.lastCheckpointedEventPosition,
  };
}

/** False when there is no such group. Throws `EventStoreAway`. */
export async function replayParked(client: EventStoreDBClient, group: string): Promise<boolean> {
  const done = await unlessMissing(client.replayParkedMessagesToAll(group).then(() => true));
  return done ?? false;
}

async function unlessMissing<Result>(answer: Promise<Result>): Promise<Result | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof PersistentSubscriptionDoesNotExistError) return undefined;
    throw new EventStoreAway('the event store does not answer for its persistent subscriptions', {
      cause: error,
    });
  }
}
